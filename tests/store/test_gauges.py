"""The gauges that are read from the database, and which deliveries count as late."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core.delivery import ChangesDelivery
from bot.core.delivery_report import OVERDUE_AFTER
from bot.store.gauges import OutboxState
from tests.store.world import HERE, P1, THERE, World, a_subscription, job

LATE = OVERDUE_AFTER + timedelta(seconds=1)
AN_HOUR = timedelta(hours=1)


async def counts(world: World) -> dict[str, int]:
    """Return the number of deliveries in the outbox by state, without states that have none."""
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
    # Job 205 counts once: 33 s when it was read at noon, and the time since then.
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


async def test_what_is_sent_again_is_late_from_then(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    [card] = await world.claim()
    await world.store.outbox.record_dead(card, reason="invalid_blocks")
    await world.pass_time(LATE)
    await world.store.history.redrive(P1, [card.id])
    fresh = await world.store.has_overdue()
    await world.pass_time(LATE)

    assert (fresh, await world.store.has_overdue()) == (False, True)


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


async def shut_out(world: World) -> None:
    await world.store.outbox.pause_place(HERE, reason="channel_not_found")


async def asked_to_wait(world: World) -> None:
    await world.store.outbox.close_gate(P1.team_id, "", opens_in=9 * AN_HOUR)


async def failing(world: World) -> None:
    """Claim the card and record its post as unsure, as after a 500 from Slack."""
    [card] = await world.claim()
    await world.store.outbox.intend(card)
    await world.store.outbox.record_unsure(card, due_in=AN_HOUR)


async def invited(world: World) -> None:
    await world.store.outbox.pause_place(HERE, reason="not_in_channel")
    await world.pass_time(2 * AN_HOUR)
    await world.store.outbox.resume_place(HERE)


#: What happens to a card that is an hour old; its age then, and how many deliveries are kept out.
AGES: list[tuple[str, Callable[[World], Awaitable[None]], float, int]] = [
    ("Slack gives no clear answer to it", failing, 1, 0),
    ("Slack asks the workspace to wait", asked_to_wait, 1, 0),
    ("Slack does not let us post there", shut_out, 0, 1),
    ("We were invited a moment ago", invited, 0, 0),
]


@pytest.mark.parametrize(("what", "happens", "hours", "kept_out"), AGES)
async def test_the_oldest_delivery_that_nothing_holds_has_an_age(
    world: World,
    what: str,
    happens: Callable[[World], Awaitable[None]],
    hours: float,
    kept_out: int,
) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.pass_time(AN_HOUR)
    await happens(world)

    found = await world.store.gauges()
    counts = await world.store.history.counts(P1)

    assert found.oldest_free / AN_HOUR == pytest.approx(hours, abs=0.1), what
    assert (counts.oldest_free or timedelta(0)) / AN_HOUR == pytest.approx(hours, abs=0.1)
    assert (counts.oldest_free is None) is (found.kept_out == 1) is (kept_out == 1)


async def test_the_members_of_a_group_are_as_old_as_they_were(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 7))
    await world.send_all()
    await world.store.outbox.close_gate(P1.team_id, HERE.channel_id, opens_in=AN_HOUR)
    for at, status in enumerate((8, 9, 12, 1, 4), 1):
        await world.observe(job(205, status, at=at))
    await world.pass_time(2 * AN_HOUR)
    [group] = await world.claim()
    await world.store.outbox.give_back(group, due_in=AN_HOUR)

    assert isinstance(group, ChangesDelivery)
    assert (await world.store.gauges()).oldest_free >= 2 * AN_HOUR


async def test_what_nobody_misses_is_not_late(world: World) -> None:
    await world.store.place_rules.order_greeting(P1, HERE, is_shared=False, language="")
    await world.pass_time(LATE)

    assert not await world.store.has_overdue()


async def test_the_channels_that_follow_something_are_named_once(world: World) -> None:
    await world.subscribe(a_subscription(205), job(205, 8))
    await world.subscribe(a_subscription(206), job(206, 8))
    await world.subscribe(a_subscription(206, THERE), job(206, 8))

    assert await world.store.subscribed_channels("T1") == ("C1", "C2")
    assert await world.store.subscribed_channels("T2") == ()
