"""Reminders of one run that waited together: a place is sent that of the highest mark alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.delivery import GuardDelivery
from bot.core.delivery_report import DeliveryState
from bot.core.hold import HoldReason, HoldScope
from bot.core.subscription import ProjectTarget
from tests.store.delivering.test_rule_holds import by_the_clock, rule
from tests.store.test_care import HOUR, RULES, Care, told
from tests.store.world import HERE, P1, THERE, World, a_subscription

ALL_HERE = HoldScope(team_id=HERE.team_id, channel_id=HERE.channel_id)
JOB_HERE = replace(ALL_HERE, project_id="p1", job_id=205)


@pytest.fixture
async def care(world: World) -> Care:
    """Job 205 has just begun to run, and C1 follows it."""
    care = Care(world)
    here = replace(a_subscription(), created_at=await world.now())
    await world.subscribe(here, baseline=care.read(7))
    assert await care.look() == []
    return care


async def live(care: Care, *happens: str) -> list[tuple[str, str, int]]:
    """The job runs until so many hours of its run, is restarted, changes its status, or is kept
    for ten hours; what is told meanwhile."""
    sent = []
    for what in happens:
        match what:
            case "restart":
                await care.pass_time(HOUR)
                care.ran_before = -care.passed
                sent += await care.look()
            case "scaling":
                sent += await care.look(care.read(15))
            case "keep":
                await care.keep(10 * HOUR)
            case hours:
                await care.pass_time(int(hours) * HOUR - care.ran_before - care.passed)
                sent += await care.look()
    return sent


#: What happens while messages are held, in order, and which reminders are sent afterwards.
NIGHTS: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "one mark is passed": ("9", [("cost", 8)]),
    "two of them": ("9 25", [("cost", 24)]),
    "many": ("8 24 50 73 96", [("cost", 96)]),
    "its status changes between them, and it runs on": ("9 scaling 25", [("cost", 24)]),
    "it is restarted between them": ("9 restart 9", [("cost", 8)]),
    "two of each run": ("9 25 restart 9 30 49", [("cost", 48)]),
    "somebody keeps it": ("9 25 keep", []),
    "it is kept for a while, and runs on": ("keep 11 25", [("lease_over", 11), ("cost", 24)]),
    "and on": ("keep 11 25 50", [("lease_over", 11), ("cost", 48)]),
}


@pytest.mark.parametrize("night", NIGHTS)
async def test_of_one_run_the_highest_mark_alone_is_sent(care: Care, night: str) -> None:
    happens, expected = NIGHTS[night]
    await care.store.snoozes.snooze(ALL_HERE, until=await care.world.now() + 999 * HOUR, by="U1")

    assert await live(care, *happens.split()) == []
    await care.store.snoozes.wake(ALL_HERE)

    assert told(await care.world.send_all()) == [("C1", *one) for one in expected]
    assert await care.look() == []


@by_the_clock
@pytest.mark.parametrize("rules", [{"quiet": "11:00-10:00"}, {"digest": "10:00"}])
async def test_rules_of_a_place_let_go_the_highest_mark_alone(
    care: Care, rules: dict[str, str]
) -> None:
    care.ran_before = 7 * HOUR
    await rule(care.world, **rules)

    assert await live(care, "9", "25") == []
    await care.pass_time(4.5 * HOUR)

    assert await care.look() == [("C1", "cost", 24)]


async def test_each_place_and_each_job_counts_for_itself(care: Care) -> None:
    there = replace(a_subscription(205, THERE), created_at=await care.world.now())
    await care.world.subscribe(there, baseline=care.read())
    other = replace(a_subscription(206), created_at=await care.world.now())
    await care.world.subscribe(other, baseline=care.read(number=206))
    assert await care.look(care.read(), care.read(number=206)) == []
    await care.store.snoozes.snooze(JOB_HERE, until=await care.world.now() + 999 * HOUR, by="U1")

    await care.pass_time(9 * HOUR)
    first = await care.look(care.read(), care.read(number=206))
    await care.pass_time(16 * HOUR)
    second = await care.look(care.read(), care.read(number=206))
    await care.store.snoozes.wake(JOB_HERE)

    assert sorted(first) == [("C1", "cost", 8), ("C2", "cost", 8)]
    assert sorted(second) == [("C1", "cost", 24), ("C2", "cost", 24)]
    assert told(await care.world.send_all()) == [("C1", "cost", 24)]


async def test_what_may_be_in_slack_already_is_looked_for_first(care: Care) -> None:
    await care.pass_time(9 * HOUR)
    await care.world.observe(care.read())
    await care.store.care.look_after(P1, RULES)
    outbox, [lower] = care.store.outbox, await care.world.claim()
    assert await outbox.intend(lower)
    await outbox.record_unsure(lower, due_in=timedelta())
    await care.pass_time(16 * HOUR)
    await care.world.observe(care.read())
    await care.store.care.look_after(P1, RULES)

    [doubtful] = await care.world.claim()
    assert (doubtful.id, doubtful.intent_at is not None) == (lower.id, True)
    await outbox.record_absent(doubtful)

    assert told(await care.world.send_all()) == [("C1", "cost", 24)]


async def test_why_lists_what_was_held_and_not_what_was_withdrawn(care: Care) -> None:
    await care.store.snoozes.snooze(ALL_HERE, until=await care.world.now() + 999 * HOUR, by="U1")
    await live(care, "9", "25")
    await care.store.snoozes.wake(ALL_HERE)
    await care.world.send_all()

    receipts = await care.store.history.deliveries_of(P1, HERE, care.read().id)

    [reminder] = [one for one in receipts if one.guard]
    assert (reminder.state, reminder.held_by) == (DeliveryState.SENT, HoldReason.SNOOZED)
    assert reminder.guard is not None
    assert reminder.guard.hours == 24


async def test_a_place_that_follows_the_project_is_sent_the_highest_mark_alone(care: Care) -> None:
    wide = replace(a_subscription(ProjectTarget(), THERE), created_at=await care.world.now())
    await care.world.subscribe(wide, baseline=None)
    await care.look()
    there = replace(ALL_HERE, channel_id=THERE.channel_id)
    await care.store.snoozes.snooze(there, until=await care.world.now() + 999 * HOUR, by="U1")

    assert await live(care, "9", "25") == [("C1", "cost", 8), ("C1", "cost", 24)]
    await care.store.snoozes.wake(there)

    assert told(await care.world.send_all()) == [("C2", "cost", 24)]


#: When the digest at 10:00 lets go, in hours after its noon before: what was looked at then, and
#: what is sent at once; the rule ends an hour later, and what is sent then.
DIGESTS: dict[str, tuple[list[float], list[int], list[int]]] = {
    "both marks were passed before its moment": ([9, 21.9], [24], []),
    "the higher one was passed, and seen after it": ([9, 22.5], [24], []),
    "the lower one is sent before the higher one is seen, and says as much": ([9], [8], []),
    "only a later one waits": ([22.5], [], [24]),
}


@by_the_clock
@pytest.mark.parametrize("marks", DIGESTS.values(), ids=DIGESTS)
async def test_the_moment_of_a_digest_lets_go_the_highest_mark(
    care: Care, marks: tuple[list[float], list[int], list[int]]
) -> None:
    looks, at_once, afterwards = marks
    care.ran_before = 4 * HOUR
    await rule(care.world, digest="10:00")
    await care.world.observe(care.read())

    for hours in looks:
        await care.pass_time(hours * HOUR - care.passed)
        await care.world.observe(care.read())
        await care.store.care.look_after(P1, RULES)
        if hours < 22:
            assert told(await care.world.send_all()) == []
    await care.pass_time(22.6 * HOUR - care.passed)
    await care.world.observe(care.read())
    assert told(await care.world.send_all()) == [("C1", "cost", mark) for mark in at_once]

    await care.pass_time(HOUR)
    assert await care.look() == []
    await rule(care.world)
    assert told(await care.world.send_all()) == [("C1", "cost", mark) for mark in afterwards]


async def test_a_mark_is_not_told_after_a_lower_one_that_said_as_much(care: Care) -> None:
    await care.store.snoozes.snooze(ALL_HERE, until=await care.world.now() + 999 * HOUR, by="U1")
    await live(care, "9")
    await care.store.snoozes.wake(ALL_HERE)
    await care.pass_time(16 * HOUR)
    await care.world.observe(care.read())

    [late] = await care.world.send_all()
    assert isinstance(late, GuardDelivery)
    assert (late.facts.hours, late.facts.length) == (8, 25 * HOUR)

    assert await care.look() == [], "it has said 25 hours"
    await care.pass_time(24 * HOUR)
    assert await care.look() == [("C1", "cost", 48)]


async def test_a_reminder_that_was_held_waits_for_a_read_unless_none_is_to_come(
    care: Care,
) -> None:
    await care.store.snoozes.snooze(ALL_HERE, until=await care.world.now() + 999 * HOUR, by="U1")
    await live(care, "9")
    await care.pass_time(10 * HOUR)
    await care.store.snoozes.wake(ALL_HERE)
    assert await care.world.send_all() == [], "its hours are of yesterday"

    await care.world.make_due()
    due = await care.store.watchlist.claim_due(P1, limit=9)
    await care.store.watchlist.release(due.leases, due_in=HOUR, has_failed=True)
    await care.store.watchlist.claim_due(P1, limit=9)

    [reminder] = await care.world.send_all()
    assert isinstance(reminder, GuardDelivery)
    assert reminder.facts.length == 9 * HOUR
