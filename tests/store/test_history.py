"""The history of changes and deliveries, the inbox, the call budget and the lock."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest

from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeliveryState
from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store import migrate
from tests.store.conftest import OpenStore
from tests.store.world import HERE, NOON, P1, P2, THERE, World, a_subscription, job

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def test_history_is_told_oldest_first_of_one_job_or_of_all(world: World) -> None:
    for number in (1, 2):
        await world.subscribe(a_subscription(number), job(number, 7))
    await world.observe(job(1, 8, at=30), job(2, 8, at=40))
    await world.observe(job(1, 10, at=50))
    history = world.store.history.changes_since

    everything = await history(P1, since=NOON)
    assert [(one.job.id, one.sequence) for one in everything] == [(1, 1), (2, 1), (1, 2)]
    assert everything[0].last_seen_at == NOON
    assert everything[0].job == job(1, 8, at=30)
    assert len(await history(P1, since=NOON, job_id=JobId(1))) == 2
    assert len(await history(P1, since=NOON + timedelta(seconds=45))) == 1
    assert await history(P2, since=NOON) == ()


async def test_receipts_say_what_became_of_each_delivery(world: World) -> None:
    outbox = world.store.outbox
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await world.observe(job(205, 7, at=40))
    await world.observe(job(205, 8, at=50))
    [first] = await world.claim()
    await outbox.record_dead(first, reason="too long")
    [second] = await world.claim()
    await outbox.intend(second)
    await outbox.record_unsure(second, due_in=MINUTE)

    receipts = await world.store.history.deliveries_of(P1, HERE, JobId(205))

    assert [(one.kind, one.state) for one in receipts] == [
        (DeliveryKind.CHANGE, DeliveryState.WAITING),
        (DeliveryKind.CHANGE, DeliveryState.UNSURE),
        (DeliveryKind.CHANGE, DeliveryState.DEAD),
        (DeliveryKind.CARD, DeliveryState.SENT),
    ]
    assert [one.change.sequence for one in receipts if one.change] == [3, 2, 1]
    assert (receipts[2].reason, receipts[3].change) == ("too long", None)
    assert receipts[3].sent_at is not None
    assert await world.store.history.deliveries_of(P1, THERE, JobId(205)) == ()


async def test_a_receipt_of_a_paused_place_is_held_with_its_reason(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.store.outbox.pause_place(HERE, reason="is_archived")

    [card] = await world.store.history.deliveries_of(P1, HERE, JobId(205))

    assert (card.state, str(card.reason)) == (
        DeliveryState.HELD,
        "the channel is archived",
    )


async def test_the_outbox_in_figures(world: World) -> None:
    assert (await world.store.history.counts(P1)).oldest_open is None
    for number in (1, 2):
        await world.subscribe(a_subscription(number), job(number, 7))
    await world.subscribe(a_subscription(3, THERE), job(3, 7))
    await world.store.outbox.pause_place(THERE, reason="archived")
    [first] = await world.claim()
    await world.store.outbox.record_dead(first, reason="too long")
    await world.pass_time(MINUTE)

    counts = await world.store.history.counts(P1)

    assert (counts.open, counts.held, counts.dead) == (2, 1, 1)
    assert counts.oldest_open is not None
    assert MINUTE <= counts.oldest_open < 2 * MINUTE
    assert (await world.store.history.counts(P2)).open == 0


async def test_what_is_old_is_forgotten_but_nothing_that_is_still_needed(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.send_all()
    await world.observe(job(205, 8, at=30))
    await world.send_all()
    await world.observe(job(205, 7, at=40))
    old = {"reason": "archived", "event_key": "Ev1"}
    await world.store.outbox.pause_place_once(THERE, **old)
    await world.store.outbox.resume_place(THERE)
    await world.pass_time(2 * DAY + MINUTE)

    assert not await world.store.history.forget_some_before(max(await world.now(), NOON + MINUTE))

    assert [one.sequence for one in await world.store.history.changes_since(P1, since=NOON)] == [2]
    await world.store.outbox.pause_place_once(THERE, **old)
    assert await world.store.outbox.resume_place(THERE), "the event's key is forgotten"
    [change] = await world.send_all()
    assert change.changes[0].sequence == 2
    [again] = await world.observe(job(205, 8, at=90))
    assert again.sequence == 3


async def test_no_minute_has_more_calls_than_it_may(world: World) -> None:
    take = world.store.budget.take_calls
    assert await take("p1", 50, per_minute=60) == timedelta(0)
    await world.pass_time(timedelta(seconds=20))
    assert await take("p1", 10, per_minute=60) == timedelta(0)

    wait = await take("p1", 1, per_minute=60)

    assert timedelta(seconds=39) < wait <= timedelta(seconds=40)
    await world.pass_time(timedelta(seconds=40))
    assert await take("p1", 50, per_minute=60) == timedelta(0)
    assert await take("p1", 1, per_minute=60) > timedelta(0)


@pytest.mark.usefixtures("at_once")
async def test_many_who_ask_at_once_share_one_minute(world: World) -> None:
    take = world.store.budget.take_calls

    waits = await asyncio.gather(*(take("p1", 1, per_minute=6) for _ in range(12)))

    assert sum(wait == timedelta(0) for wait in waits) == 6


async def test_people_take_half_of_a_minute_and_the_polls_keep_the_other(world: World) -> None:
    budget = world.store.budget

    async def polls(calls: int) -> bool:
        return await budget.take_calls("p1", calls, per_minute=60) == timedelta(0)

    async def people(calls: int) -> bool:
        return await budget.take_for_people("p1", calls, per_minute=60)

    assert await people(20)
    assert not await people(11), "more than their half"
    assert await people(10)
    assert await polls(30)
    assert not await polls(1), "the people's half is spent"
    await budget.note_asked("p1", 500)
    await world.pass_time(MINUTE)
    await budget.note_asked("p1", 500)
    assert await polls(30), "whatever people cause, the polls keep a half"
    assert not await people(1)

    await world.pass_time(MINUTE)
    assert await polls(60), "where nobody asks, all of it"
    assert await people(30), "nobody waits a minute for an answer"
    await budget.hold_calls("p1", opens_in=MINUTE)
    assert not await people(1), "the cloud asked to wait"
    await world.pass_time(MINUTE)
    assert await budget.take_for_people("p1", 10_000, per_minute=0)


async def test_more_than_a_minutes_worth_is_granted_when_nothing_is_owed_and_paid_off(
    world: World,
) -> None:
    take = world.store.budget.take_calls

    assert await take("p1", 1, per_minute=60) == timedelta(0)
    assert timedelta(0) < await take("p1", 120, per_minute=60) <= MINUTE
    await world.pass_time(MINUTE)
    assert await take("p1", 120, per_minute=60) == timedelta(0)
    assert await take("p1", 1, per_minute=60) > MINUTE
    await world.pass_time(2 * MINUTE)
    assert await take("p1", 120, per_minute=60) == timedelta(0)


async def test_when_the_cloud_asks_to_wait_nothing_is_granted(world: World) -> None:
    budget = world.store.budget
    await budget.hold_calls("p1", opens_in=MINUTE)
    await budget.hold_calls("p1", opens_in=timedelta(seconds=1))

    assert await budget.take_calls("p1", 1, per_minute=0) > timedelta(seconds=50)
    await world.pass_time(MINUTE)
    assert await budget.take_calls("p1", 10**6, per_minute=0) == timedelta(0)


async def test_a_second_server_of_the_same_file_is_refused(
    sqlite_url: str, open_one: OpenStore
) -> None:
    first, second = open_one(sqlite_url), open_one(sqlite_url)
    await first.prepare()

    with pytest.raises(StoreUnavailable, match="another process") as caught:
        await second.prepare()

    assert "PostgreSQL" in str(caught.value.hint)
    assert await migrate(sqlite_url) == ()
    assert (await second.check()).is_good
    await first.close()
    await second.prepare()


@pytest.mark.slow
async def test_the_lock_ends_with_the_process_that_had_it(
    sqlite_url: str, open_one: OpenStore
) -> None:
    script = (
        "import asyncio, os, datetime, bot.store as s;"
        f"store = s.open_store({sqlite_url!r}, clock=lambda:"
        " datetime.datetime.now(datetime.UTC));"
        "asyncio.run(store.prepare()); print('ready', flush=True); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert died.stdout.strip() == "ready"

    await open_one(sqlite_url).prepare()
