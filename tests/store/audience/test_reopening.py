"""Cards that were closed are kept again once something covers their jobs."""

import pytest

from bot.core.job import JobId
from bot.core.subscription import JobTarget, PatternTarget, ProjectTarget, Target
from tests.store.world import HERE, P1, THERE, World, a_subscription, job

# What HERE follows from then on, and whether its closed card of job-205 is kept again.
AGAIN: dict[str, tuple[Target, bool]] = {
    "the project": (ProjectTarget(), True),
    "a pattern that covers it": (PatternTarget("job-2*"), True),
    "a pattern that does not": (PatternTarget("flow*"), False),
    "the job": (JobTarget(JobId(205)), True),
    "another job": (JobTarget(JobId(206)), False),
}


async def closed(world: World) -> None:
    """The card of 205 stands in HERE and THERE, and both say who ended it."""
    for place in (HERE, THERE):
        await world.subscribe(a_subscription(place=place), job(205, 8))
    await world.send_all()
    for place in (HERE, THERE):
        await world.store.subscriptions.unsubscribe(P1, place, None, by="U7")
    for edit in await world.store.outbox.claim_edits(P1, limit=9):
        assert edit.unfollowed is not None
        assert await world.store.outbox.record_edited(edit)


@pytest.mark.parametrize("is_undo", [False, True])
@pytest.mark.parametrize(("target", "is_kept"), AGAIN.values(), ids=AGAIN)
async def test_what_covers_the_job_renews_its_card_here(
    world: World, target: Target, is_kept: bool, is_undo: bool
) -> None:
    await closed(world)
    one = a_subscription(target)

    if is_undo:
        await world.store.subscriptions.copy([one])
    else:
        await world.subscribe(one, None)

    edits = await world.store.outbox.claim_edits(P1, limit=9)
    assert [(edit.place, edit.unfollowed) for edit in edits] == [(HERE, None)] * is_kept


async def test_a_card_that_was_never_posted_is_not_edited(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.store.subscriptions.unsubscribe(P1, HERE, None, by="U7")
    await world.subscribe(a_subscription(ProjectTarget()), None)

    assert await world.store.outbox.claim_edits(P1, limit=9) == ()
    await world.sweep(job(205, 8))
    await world.sweep(job(205, 11, at=30))
    assert [one.__class__.__name__ for one in await world.claim()][:1] == ["CardDelivery"]
