"""Holds: what each covers, when it ends, and what a person sees of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core.delivery_report import DeliveryState
from bot.core.hold import HoldReason, HoldScope
from bot.core.job import JobId
from bot.store.database.database import Transaction
from bot.store.delivering.holding import hold, release
from tests.store.world import HERE, P1, THERE, World, a_subscription, connected, job

HALF_A_MINUTE = timedelta(seconds=30)
JOB_HERE = HoldScope(team_id="T1", channel_id="C1", project_id="p1", job_id=205)


@contextmanager
def begun(world: World) -> Iterator[Transaction]:
    """A transaction of the store's own."""
    with world.store._database.begin() as transaction:
        yield transaction


async def subscribed(world: World) -> None:
    """Two jobs here and one there, whose cards are due."""
    await world.subscribe(a_subscription(205), job(205))
    await world.subscribe(a_subscription(206), job(206))
    await world.subscribe(a_subscription(205, THERE), job(205))


async def due(world: World) -> list[tuple[str, int]]:
    """Of which place and job a message goes out now."""
    sent = await world.send_all()
    return sorted((one.place.channel_id, one.job_id) for one in sent)


@pytest.mark.parametrize(
    ("scope", "passing"),
    [
        (HoldScope(team_id="T1"), []),
        (HoldScope(team_id="T2"), [("C1", 205), ("C1", 206), ("C2", 205)]),
        (HoldScope(team_id="T1", channel_id="C1"), [("C2", 205)]),
        (JOB_HERE, [("C1", 206), ("C2", 205)]),
        (
            HoldScope(team_id="T1", channel_id="C1", project_id="p2", job_id=205),
            [("C1", 205), ("C1", 206), ("C2", 205)],
        ),
    ],
    ids=["workspace", "another workspace", "place", "job in a place", "job of another project"],
)
async def test_a_hold_covers_its_scope_until_it_is_released(
    world: World, scope: HoldScope, passing: list[tuple[str, int]]
) -> None:
    await subscribed(world)
    with begun(world) as transaction:
        hold(transaction, scope, HoldReason.REFUSED, until=None)

    assert await due(world) == passing

    with begun(world) as transaction:
        assert release(transaction, scope, {HoldReason.REFUSED})
        assert not release(transaction, scope, {HoldReason.REFUSED})
    rest = {("C1", 205), ("C1", 206), ("C2", 205)} - set(passing)
    assert await due(world) == sorted(rest)


async def test_of_two_holds_each_must_end(world: World) -> None:
    await subscribed(world)
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.store.outbox.close_gate("T1", "C1", opens_in=HALF_A_MINUTE)

    await world.store.outbox.resume_place(HERE)
    assert await due(world) == [("C2", 205)]

    await world.pass_time(HALF_A_MINUTE)
    assert await due(world) == [("C1", 205), ("C1", 206)]


async def test_a_post_that_is_tried_again_lets_the_others_of_its_place_pass(world: World) -> None:
    await subscribed(world)
    claimed = next(one for one in await world.claim() if one.place == HERE)
    assert await world.store.outbox.intend(claimed)
    assert await world.store.outbox.give_back(claimed, due_in=HALF_A_MINUTE)

    [other] = [one for one in await world.claim() if one.place == HERE]

    assert other.job_id != claimed.job_id


async def test_who_resumes_a_place_waits_for_no_retry(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    [claimed] = await world.claim()
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.store.outbox.give_back(claimed, due_in=timedelta(hours=1))
    assert await due(world) == []

    await world.store.outbox.resume_place(HERE)

    assert await due(world) == [("C1", 205)]


async def test_what_an_older_version_paused_by_its_time_is_due(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    with connected(world.store) as connection:
        connection.execute(text("UPDATE delivery SET next_at = NULL"))
    await world.store.outbox.pause_place(HERE, reason="archived")
    assert await due(world) == []

    await world.store.outbox.resume_place(HERE)

    assert await due(world) == [("C1", 205)]


@pytest.mark.parametrize(
    ("reason", "state", "words"),
    [
        (HoldReason.ASKED_TO_WAIT, DeliveryState.HELD, "Slack asked me to wait"),
        (HoldReason.PACING, DeliveryState.WAITING, ""),
        (HoldReason.RETRYING, DeliveryState.WAITING, ""),
    ],
)
async def test_a_receipt_names_the_hold_if_it_is_worth_it(
    world: World, reason: HoldReason, state: DeliveryState, words: str
) -> None:
    await world.subscribe(a_subscription(), job(205))
    with begun(world) as transaction:
        hold(transaction, JOB_HERE, reason, until=transaction.now + HALF_A_MINUTE)

    [card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))
    held = (await world.store.history.counts(P1)).held

    assert (card.state, str(card.reason), held) == (state, words, int(state is DeliveryState.HELD))
    await world.pass_time(HALF_A_MINUTE)
    [card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))
    assert card.state is DeliveryState.WAITING


async def test_a_hold_of_a_later_version_holds_and_is_told(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    with connected(world.store) as connection:
        connection.execute(
            text(
                "INSERT INTO hold (team_id, channel_id, project_id, job_id, reason, words, since)"
                " VALUES ('T1', 'C1', 'p1', 205, 'until the moon is full', 'U1',"
                " '2026-03-01 12:00:00.000000')"
            )
        )

    assert await due(world) == []
    [card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))
    assert (card.state, str(card.reason)) == (
        DeliveryState.HELD,
        "a newer version of me holds it back",
    )
    assert await world.store.snoozes.holds_of("T1") == ()


async def test_of_several_holds_the_receipt_names_the_longest(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    await world.store.outbox.close_gate("T1", "C1", opens_in=HALF_A_MINUTE)
    await world.store.workspaces.pause("T1", reason="account_inactive")

    [card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))

    assert str(card.reason) == "Slack refuses my token: account_inactive"


async def test_a_paused_place_that_gets_another_id_stays_paused(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    await world.store.outbox.pause_place(HERE, reason="archived")

    await world.store.subscriptions.move_place(HERE, to_channel_id="C9")

    assert await due(world) == []


async def test_a_hold_that_an_older_version_cannot_see_ends_with_the_freeze(world: World) -> None:
    await world.subscribe(a_subscription(), job(205))
    await world.store.workspaces.pause("T1", reason="account_inactive")
    with connected(world.store) as connection:
        connection.execute(text("UPDATE workspace SET frozen_at = NULL"))

    assert await world.store.workspaces.thaw("T1", was_accepted=False) is not None

    assert await due(world) == [("C1", 205)]


async def test_a_hold_that_ended_long_ago_is_forgotten_and_a_live_one_is_not(world: World) -> None:
    await world.store.outbox.close_gate("T1", "C1", opens_in=HALF_A_MINUTE)
    await world.store.outbox.pause_place(THERE, reason="archived")
    await world.pass_time(timedelta(days=1))

    await world.store.history.forget_some_before(await world.now() - timedelta(hours=1))

    with connected(world.store) as connection:
        kept = connection.execute(text("SELECT channel_id, reason FROM hold")).all()
    assert [tuple(row) for row in kept] == [("C2", "refused")]


async def test_what_comes_after_a_place_was_resumed_has_not_waited(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    [claimed] = await world.claim()
    assert await world.store.outbox.intend(claimed)
    assert await world.store.outbox.give_back(claimed, due_in=timedelta(hours=1))
    await world.store.outbox.pause_place(HERE, reason="archived")
    await world.store.outbox.resume_place(HERE)
    await world.send_all()

    await world.pass_time(timedelta(seconds=1))
    for number in range(6):
        await world.observe(job(205, 8 - number % 2, at=30 + number))

    assert len(await world.send_all()) == 6
