"""A reminder that waited is not posted once it tells nobody anything; `why` says why."""

from dataclasses import replace

import pytest

from bot.core.delivery import GuardDelivery
from bot.core.delivery_report import DeliveryState, Overtaken
from bot.core.job import JobId
from tests.make import ANA
from tests.store.delivering.test_lower_marks import ALL_HERE
from tests.store.test_care import HOUR, MINUTE, RULES, Care, told
from tests.store.world import HERE, P1, THERE, World, a_subscription


@pytest.fixture
async def care(world: World) -> Care:
    """Job 205 has just begun to run, and C1 follows it."""
    care = Care(world)
    here = replace(a_subscription(), created_at=await world.now())
    await world.subscribe(here, baseline=care.read(7))
    assert await care.look() == []
    return care


async def live(care: Care, night: str) -> None:
    """What happens, in order: hours pass until a look, or something is done and seen."""
    status = 8
    for what in night.split():
        match what:
            case "restart":
                await care.pass_time(MINUTE)
                care.ran_before, status = -care.passed, 8
            case "keep":
                await care.keep(HOUR)
                continue
            case "unsubscribe":
                subscriptions = care.store.subscriptions
                await subscriptions.unsubscribe(P1, HERE, None, by=ANA)
                continue
            case "gone":
                await care.world.observe(denied=[205])
                await care.pass_time(MINUTE)
                await care.world.observe(denied=[205])
                continue
            case status_or_hours if status_or_hours.startswith("="):
                await care.pass_time(MINUTE)
                status = int(status_or_hours[1:])
            case hours:
                await care.pass_time(float(hours) * HOUR)
        await care.world.observe(care.read(status))
        await care.store.care.look_after(P1, RULES)


OVER, UNFOLLOWED = Overtaken.OVER.value, Overtaken.UNFOLLOWED.value
#: What happens while messages are held; which reminders are sent afterwards, and why others
#: are not.
NIGHTS: dict[str, tuple[str, list[tuple[str, int]], list[tuple[str, str]]]] = {
    "it runs on": ("9", [("cost", 8)], []),
    "it is scaled, and runs on": ("9 =15 =8", [("cost", 8)], []),
    "it stops": ("9 =9 =10", [], [("cost", OVER)]),
    "it fails": ("9 =11", [], [("cost", OVER)]),
    "it passes two marks, and ends": ("9 16 =12", [], [("cost", OVER)] * 2),
    "it is restarted, and runs": ("9 restart", [], [("cost", OVER)]),
    "it ends, and runs anew": ("9 =12 =7 restart", [], [("cost", OVER)]),
    "another run passes the mark as well": (
        "9 =12 =7 restart 9", [("cost", 8)], [("cost", OVER)],
    ),
    "its lease ends before it does": ("1 keep 2 =12", [], [("lease_over", OVER)]),
    "its lease ends, and it runs on": ("1 keep 2 1", [("lease_over", 3)], []),
    "it waits for long, and runs": ("=7 1 =8", [], [("stuck", OVER)]),
    "it waits for long, runs, and waits again": (
        "=7 1 =8 =7 1", [("stuck", 1)], [("stuck", OVER)],
    ),
    "it still waits": ("=7 1", [("stuck", 1)], []),
    "it waits in another queue": ("=7 1 =4", [("stuck", 1)], []),
    "nobody follows it any more": ("9 unsubscribe", [], [("cost", UNFOLLOWED)]),
}  # fmt: skip


@pytest.mark.parametrize("night", NIGHTS)
async def test_what_tells_nobody_anything_is_not_posted(care: Care, night: str) -> None:
    happens, sent, left_out = NIGHTS[night]
    until = await care.world.now() + 999 * HOUR
    await care.store.snoozes.snooze(ALL_HERE, until=until, by="U1")

    await live(care, happens)
    await care.store.snoozes.wake(ALL_HERE)
    found = await care.world.send_all()

    assert told(found) == [("C1", *one) for one in sent]
    receipts = await care.store.history.deliveries_of(P1, HERE, JobId(205))
    assert sorted(
        (one.guard.kind.value, str(one.reason))
        for one in receipts
        if one.guard and one.state is DeliveryState.OVERTAKEN
    ) == sorted(left_out)
    counts = await care.store.history.counts(P1)
    assert (counts.open, counts.dead, counts.oldest_free) == (0, 0, None)


async def test_what_another_place_follows_is_still_told_there(care: Care) -> None:
    there = replace(a_subscription(205, THERE), created_at=await care.world.now())
    await care.world.subscribe(there, baseline=care.read())
    for place in (HERE, THERE):
        scope = replace(ALL_HERE, channel_id=place.channel_id)
        until = await care.world.now() + 999 * HOUR
        await care.store.snoozes.snooze(scope, until=until, by="U1")
    await live(care, "9 unsubscribe")
    for place in (HERE, THERE):
        await care.store.snoozes.wake(replace(ALL_HERE, channel_id=place.channel_id))

    assert told(await care.world.send_all()) == [("C2", "cost", 8)]


async def test_what_may_be_in_slack_is_looked_for_though_its_run_is_over(care: Care) -> None:
    await care.world.send_all()
    await live(care, "9")
    outbox, claimed = care.store.outbox, await care.world.claim()
    while not isinstance(claimed[0], GuardDelivery):
        claimed = await care.world.claim()
    [reminder] = claimed
    assert await outbox.intend(reminder)
    await outbox.record_unsure(reminder, due_in=MINUTE)
    await live(care, "1 =12")

    [doubtful] = [one for one in await care.world.claim() if isinstance(one, GuardDelivery)]

    assert doubtful.id == reminder.id
    await outbox.record_absent(doubtful)
    assert told(await care.world.send_all()) == []


async def test_a_reminder_that_is_over_takes_no_mark_from_the_run_that_is_kept(care: Care) -> None:
    until = await care.world.now() + 999 * HOUR
    await care.store.snoozes.snooze(ALL_HERE, until=until, by="U1")
    await live(care, "9 restart 1 keep 9")
    await care.store.snoozes.wake(ALL_HERE)
    assert told(await care.world.send_all()) == [("C1", "lease_over", 10)]
