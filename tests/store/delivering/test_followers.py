"""Who stands on a card: the people who subscribed its place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.delivery import CardDelivery
from bot.core.job import JobId
from bot.core.subscription import JobTarget, PatternTarget, ProjectTarget, Target
from tests.store.world import HERE, NOON, P1, THERE, World, a_subscription, job

# Each is a subscription of HERE beside that of the job by U1: its target, who made it, and whether
# it has an end that is over.
CASES: dict[str, tuple[list[tuple[Target | int, str, bool]], tuple[str, ...]]] = {
    "one subscription": ([], ("U1",)),
    "a pattern that covers the job": ([(PatternTarget("job-2*"), "U2", False)], ("U1", "U2")),
    "a pattern that does not": ([(PatternTarget("flow*"), "U2", False)], ("U1",)),
    "the project": ([(ProjectTarget(), "U2", False)], ("U1", "U2")),
    "another job": ([(206, "U2", False)], ("U1",)),
    "the same person twice": ([(ProjectTarget(), "U1", False)], ("U1",)),
    "one whose time is over": ([(ProjectTarget(), "U2", True)], ("U1",)),
    "several people, first come first": (
        [(ProjectTarget(), "U3", False), (PatternTarget("job*"), "U2", False)],
        ("U1", "U3", "U2"),
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_card_is_signed_by_whose_subscriptions_cover_its_job(
    world: World, case: str
) -> None:
    others, people = CASES[case]
    await world.subscribe(a_subscription(), job(205, 7))
    for target, person, is_over in others:
        until = NOON - timedelta(hours=1) if is_over else None
        one = replace(a_subscription(target, until=until), created_by=person)
        await world.subscribe(one, job(206, 7) if target == 206 else None)
    await world.subscribe(replace(a_subscription(place=THERE), created_by="U9"), job(205, 7))

    [card] = [
        one
        for one in await world.claim()
        if isinstance(one, CardDelivery) and one.place == HERE and one.job_id == 205
    ]

    assert card.shown.followers == people


# What HERE follows beside an ended subscription, and whether it follows 205 only with others.
WITH_OTHERS: dict[str, tuple[list[Target | int], bool]] = {
    "the job": ([205], False),
    "the job and the project": ([205, ProjectTarget()], False),
    "the project": ([ProjectTarget()], True),
    "a pattern": ([PatternTarget("job-2*")], True),
    "a pattern that does not cover it": ([PatternTarget("flow*")], False),
}


@pytest.mark.parametrize(("targets", "is_with_others"), WITH_OTHERS.values(), ids=WITH_OTHERS)
async def test_a_card_knows_whether_its_job_is_followed_only_with_others(
    world: World, targets: list[Target | int], is_with_others: bool
) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    for target in targets:
        await world.subscribe(a_subscription(target), job(205, 7) if target == 205 else None)
    if 205 not in targets:
        await world.store.subscriptions.unsubscribe(P1, HERE, JobTarget(JobId(205)), by="U1")

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    assert edit.shown.is_with_others is is_with_others


async def test_an_edit_is_signed_anew(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.subscribe(replace(a_subscription(ProjectTarget()), created_by="U2"), None)
    await world.observe(job(205, 8, at=30))

    [edit] = await world.store.outbox.claim_edits(P1, limit=9)

    assert edit.shown.followers == ("U1", "U2")
