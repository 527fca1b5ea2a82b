"""The figures of a dashboard, as the database knows them, and what counts as late."""

from datetime import timedelta

import pytest

from bot.store.gauges import OVERDUE_AFTER, OutboxState
from tests.store.world import HERE, P1, THERE, World, a_subscription, job

LATE = OVERDUE_AFTER + timedelta(seconds=1)
AN_HOUR = timedelta(hours=1)


async def counts(world: World) -> dict[str, int]:
    """What is in the outbox, by state; states without any are left out."""
    found = await world.store.gauges()
    return {state.value: number for state, number in found.outbox.items() if number}


async def test_an_empty_database_has_nothing_of_anything(world: World) -> None:
    found = await world.store.gauges()

    assert (found.watched_jobs, found.subscriptions, found.dead_letters) == (0, 0, 0)
    assert (dict(found.outbox), found.running_job_hours) == ({}, 0)


async def test_jobs_subscriptions_and_hours_are_counted_over_all_places(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.subscribe(a_subscription(205, THERE), job(205, 8))
    await world.subscribe(a_subscription(206), job(206, 7))

    found = await world.store.gauges()

    assert (found.watched_jobs, found.subscriptions) == (2, 3)
    # Of 205, once: 33 s when it was read at noon, and what went by since then.
    ran = await world.now() - job(205, 8).read_at + timedelta(seconds=33)
    assert found.running_job_hours == pytest.approx(ran / AN_HOUR, rel=0.01, abs=0.01)


async def test_a_delivery_is_counted_by_how_far_it_came(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    waiting = await counts(world)
    [card] = await world.claim()
    await world.store.outbox.intend(card)
    posting = await counts(world)
    await world.store.outbox.record_unsure(card, due_in=timedelta(0))
    unsure = await counts(world)
    [again] = await world.claim()
    await world.store.outbox.record_absent(again)
    await world.store.outbox.pause_place(HERE, reason="not_in_channel")
    held = await counts(world)

    assert waiting == posting == {OutboxState.WAITING.value: 1}
    assert unsure == {OutboxState.UNSURE.value: 1}
    assert held == {OutboxState.HELD.value: 1}


async def test_a_dead_letter_is_in_the_outbox_no_more(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    [card] = await world.claim()
    await world.store.outbox.record_dead(card, reason="invalid_blocks")

    found = await world.store.gauges()

    assert found.dead_letters == 1
    assert await counts(world) == {}


async def test_what_waits_for_five_minutes_is_late_until_it_is_sent(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    fresh = await world.store.has_overdue()
    await world.pass_time(LATE)
    late = await world.store.has_overdue()
    await world.send_all()

    assert (fresh, late, await world.store.has_overdue()) == (False, True, False)


async def test_what_waits_for_an_invitation_is_not_late(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.store.outbox.pause_place(HERE, reason="not_in_channel")
    await world.pass_time(LATE)

    assert not await world.store.has_overdue()


@pytest.mark.parametrize("channel_id", [HERE.channel_id, ""])
async def test_what_slack_lets_wait_is_late(world: World, channel_id: str) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.store.outbox.close_gate(P1.team_id, channel_id, opens_in=AN_HOUR)
    await world.pass_time(LATE)

    assert await world.store.has_overdue()


async def test_the_channels_that_follow_something_are_named_once(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.subscribe(a_subscription(206), job(206, 8))
    await world.subscribe(a_subscription(206, THERE), job(206, 8))

    assert await world.store.subscribed_channels("T1") == ("C1", "C2")
    assert await world.store.subscribed_channels("T2") == ()
