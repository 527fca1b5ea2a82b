"""Watched jobs: leases, fences, sweeps, and which jobs count as new."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.core.change import NO_JOB, Step
from bot.core.delivery import CardDelivery, ChangeDelivery, Delivery, SourceNote
from bot.core.errors import StoreRefused
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Observation, Sweep
from bot.core.subscription import PatternTarget, ProjectTarget
from bot.store.database.database import Timing
from bot.store.database.tables import watched_job
from tests.store.world import (
    HERE,
    INTERVAL,
    LEASE,
    NOON,
    P1,
    THERE,
    World,
    a_subscription,
    connected,
    job,
    steps,
)

TICK = timedelta(seconds=1)


async def test_what_is_due_is_leased_to_one_until_the_lease_ends(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.make_due()
    watchlist = world.store.watchlist

    [first] = (await watchlist.claim_due(P1, limit=9)).leases
    assert (await watchlist.claim_due(P1, limit=9)).leases == ()
    await world.pass_time(LEASE + TICK)
    [second] = (await watchlist.claim_due(P1, limit=9)).leases

    assert second.range_id != first.range_id
    assert first.job_id == 205


async def test_who_lost_the_lease_changes_nothing(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.make_due()
    watchlist = world.store.watchlist
    [late] = (await watchlist.claim_due(P1, limit=9)).leases
    await world.pass_time(LEASE + TICK)
    [current] = (await watchlist.claim_due(P1, limit=9)).leases

    seen = [Observation(lease=late, job=job(205, 8, at=30))]
    assert await watchlist.record(seen, next_in={}) == ()
    await watchlist.release([late], due_in=timedelta(0))
    assert (await watchlist.claim_due(P1, limit=9)).leases == ()

    seen = [Observation(lease=current, job=job(205, 8, at=31))]
    assert len(await watchlist.record(seen, next_in={})) == 1


async def test_the_same_record_twice_tells_once(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.make_due()
    [held] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    seen = [Observation(lease=held, job=job(205, 8, at=30))]

    assert len(await world.store.watchlist.record(seen, next_in={})) == 1
    assert await world.store.watchlist.record(seen, next_in={}) == ()

    assert steps(await world.send_all()).count((7, 8)) == 1
    assert len(await world.store.history.changes_since(P1, since=NOON)) == 1


async def test_an_older_answer_after_a_newer_one_is_no_observation(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8, at=60))

    assert await world.observe(job(205, 7, at=50)) == ()
    assert await world.observe(job(205, 8, at=90)) == ()


async def test_an_answer_that_seems_much_older_was_read_by_another_clock(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7, at=3600))

    [change] = await world.observe(job(205, 8, at=30))

    assert (change.step.before, change.step.after) == (7, 8)


async def test_the_given_time_is_when_it_is_due_again(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 7))
    await world.make_due()
    watchlist = world.store.watchlist
    [held] = (await watchlist.claim_due(P1, limit=9)).leases
    seen = [Observation(lease=held, job=job(205, 7, at=30))]
    await watchlist.record(seen, next_in={held.job_id: timedelta(minutes=5)})

    await world.pass_time(timedelta(minutes=4))
    assert (await watchlist.claim_due(P1, limit=9)).leases == ()
    await world.pass_time(timedelta(minutes=1))
    [again] = (await watchlist.claim_due(P1, limit=9)).leases
    await watchlist.release([again], due_in=timedelta(seconds=10))
    await world.pass_time(timedelta(seconds=9))
    assert (await watchlist.claim_due(P1, limit=9)).leases == ()
    await world.pass_time(timedelta(seconds=1))
    assert len((await watchlist.claim_due(P1, limit=9)).leases) == 1


async def test_what_was_just_subscribed_to_is_due_at_once_so_that_its_pace_is_found(
    world: World,
) -> None:
    await world.subscribe(a_subscription(), job())

    due = await world.store.watchlist.claim_due(P1, limit=10)

    assert [lease.job_id for lease in due.leases] == [205]


async def test_no_more_than_the_limit_is_leased(world: World) -> None:
    for number in range(5):
        await world.subscribe(a_subscription(number + 1), job(number + 1))
    await world.make_due()

    claimed = [(await world.store.watchlist.claim_due(P1, limit=2)).leases for _ in range(4)]

    assert [len(jobs) for jobs in claimed] == [2, 2, 1, 0]
    assert len({one.job_id for leases in claimed for one in leases}) == 5


async def test_the_turn_of_a_denied_job_stays_when_a_list_is_heard(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.observe(denied=[205])
    await world.pass_time(INTERVAL)
    [lease] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    await world.apply_evidence(205)

    assert await world.store.watchlist.record([Observation(lease, None)], next_in={}) == ()
    await world.pass_time(INTERVAL)
    [_] = (await world.store.watchlist.claim_due(P1, limit=9)).leases


RUNS = job(205, 8)._replace(duration=timedelta(hours=26), created_at=NOON)
SHORT = timedelta(minutes=3)


@pytest.mark.parametrize(
    "again", [RUNS._replace(duration=SHORT), RUNS._replace(created_at=NOON + SHORT, duration=None)]
)
async def test_a_restart_that_no_poll_saw_is_one_change(
    world: World, again: VisualizationJob
) -> None:
    await world.subscribe(a_subscription(wanted="changes"), RUNS)
    await world.subscribe(a_subscription(place=THERE, wanted="finished"), RUNS)
    await world.send_all()
    again = again._replace(read_at=NOON + timedelta(minutes=1))

    [change] = await world.observe(again)
    repeated = await world.observe(again._replace(read_at=NOON + timedelta(minutes=2)))

    assert (change.step, change.sequence, change.job) == (Step(8, 8), 1, again)
    assert repeated == ()
    sent = await world.send_all()
    assert steps(sent) == [(8, 8)]
    assert {one.place for one in sent if not isinstance(one, CardDelivery)} == {HERE}
    edits = await world.store.outbox.claim_edits(P1, limit=9)
    assert [one.shown.change for one in edits] == [change, change]


async def test_a_read_that_others_share_makes_no_restart(world: World) -> None:
    await world.subscribe(a_subscription(), RUNS)
    older = RUNS._replace(
        read_at=RUNS.read_at - timedelta(seconds=10), duration=timedelta(hours=25, minutes=59)
    )

    assert await world.observe(older) == ()
    assert await world.observe(RUNS._replace(read_at=NOON + timedelta(minutes=1))) == ()


@pytest.mark.parametrize("jitter", [1000, 999, 1])
async def test_what_rounding_makes_is_no_restart(world: World, jitter: int) -> None:
    await world.subscribe(a_subscription(), RUNS)
    for minute in range(1, 5):
        rounded = RUNS.duration - timedelta(milliseconds=jitter * (minute % 2))  # type: ignore[operator]
        read = RUNS._replace(read_at=NOON + timedelta(minutes=minute), duration=rounded)
        assert await world.observe(read) == ()


async def test_a_restart_of_what_had_ended_is_told_to_who_may_be_revived(world: World) -> None:
    await world.subscribe(a_subscription(wanted="failures"), RUNS)
    failed = job(205, 11, at=60)._replace(duration=timedelta(hours=26), created_at=NOON)
    again = failed._replace(duration=SHORT, read_at=NOON + timedelta(minutes=9))

    await world.observe(failed)
    await world.observe(again)

    assert steps(await world.send_all()) == [(8, 11), (11, 11)]


async def test_that_time_passes_makes_no_job_look_restarted(world: World) -> None:
    made = job(205, 8)._replace(created_at=NOON - timedelta(hours=1))
    await world.subscribe(a_subscription(), made)
    await world.send_all()

    await world.pass_time(TICK)
    await world.observe(made._replace(read_at=NOON + TICK))

    assert await world.store.outbox.claim_edits(P1, limit=9) == ()


async def test_the_first_sweep_is_the_baseline_and_later_ones_tell_of_new_jobs(
    world: World,
) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    assert await world.sweep(job(1, 8), job(2, 7)) == ()
    assert await world.claim() == ()

    [change] = await world.sweep(job(1, 8, at=30), job(2, 7, at=30), job(3, 1, at=30))

    assert (change.job.id, change.step.before, change.sequence) == (3, NO_JOB, 1)
    sent = await world.send_all()
    assert [type(one) for one in sent] == [CardDelivery, ChangeDelivery]


async def test_what_a_list_found_is_due_again_within_an_interval(world: World) -> None:
    world.store._database.timing = Timing(interval=timedelta(seconds=5))
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 7))
    await world.sweep(job(1, 8, at=30))
    await world.pass_time(timedelta(seconds=6))

    due = await world.store.watchlist.claim_due(P1, limit=9)

    assert [one.job_id for one in due.leases] == [1]


async def test_a_sweep_tells_what_changed_since_the_last(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 7), job(2, 7))

    [change] = await world.sweep(job(1, 8, at=30), job(2, 7, at=30))

    assert (change.job.id, change.step.after) == (1, 8)


async def test_a_later_pattern_has_its_own_baseline(world: World) -> None:
    await world.subscribe(a_subscription(PatternTarget("job-1*")))
    await world.sweep(job(1, 7), job(2, 7))
    await world.subscribe(a_subscription(PatternTarget("job-2*"), THERE))

    await world.sweep(job(1, 7, at=30), job(2, 8, at=30), job(21, 7, at=30))
    assert await world.claim() == ()
    await world.observe(job(1, 7, at=60), job(2, 11, at=60), job(21, 8, at=60))

    told = [one for one in await world.send_all() if isinstance(one, ChangeDelivery)]
    assert {(one.place, *steps([one])) for one in told} == {(THERE, (8, 11)), (THERE, (7, 8))}


async def test_a_list_that_was_asked_for_before_the_wish_is_no_baseline(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    first = (await world.store.watchlist.claim_due(P1, limit=9)).sweep_epoch
    await world.subscribe(a_subscription(PatternTarget("job-*"), THERE))
    assert first is not None

    assert await world.store.watchlist.record([], next_in={}, sweep=Sweep(first, [job(1)])) == ()

    due = await world.store.watchlist.claim_due(P1, limit=9)
    assert due.sweep_epoch not in (None, first)
    assert due.known_jobs == 0


async def test_a_sweep_is_leased_released_and_due_again(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    watchlist = world.store.watchlist
    epoch = (await watchlist.claim_due(P1, limit=9)).sweep_epoch
    assert epoch is not None
    assert (await watchlist.claim_due(P1, limit=9)).sweep_epoch is None

    await watchlist.release_sweep(epoch, due_in=timedelta(seconds=10))
    assert (await watchlist.claim_due(P1, limit=9)).sweep_epoch is None
    await world.pass_time(timedelta(seconds=10))
    again = (await watchlist.claim_due(P1, limit=9)).sweep_epoch
    assert again is not None
    await watchlist.record([], next_in={}, sweep=Sweep(again, [job(1), job(2)]))
    await world.pass_time(INTERVAL)

    assert (await watchlist.claim_due(P1, limit=9)).known_jobs == 2


@pytest.mark.slow
async def test_a_first_list_of_thousands_is_recorded_whole(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))

    assert await world.sweep(*(job(number, 8) for number in range(1, 5_102))) == ()

    query = select(func.count()).where(watched_job.c.status == 8, watched_job.c.epoch == 1)
    with connected(world.store) as connection:
        assert connection.scalar(query) == 5_101


async def test_when_no_pattern_is_left_nothing_of_it_is_polled(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1), job(2))
    await world.store.subscriptions.unsubscribe(P1, HERE, ProjectTarget(), by="U1")
    await world.pass_time(timedelta(hours=1))

    due = await world.store.watchlist.claim_due(P1, limit=9)

    assert (due.leases, due.sweep_epoch) == ((), None)


async def test_only_what_a_pattern_matches_is_polled(world: World) -> None:
    await world.subscribe(a_subscription(PatternTarget("job-1*")))
    await world.sweep(job(1), job(2), job(11))
    await world.make_due()

    due = await world.store.watchlist.claim_due(P1, limit=9)

    assert {one.job_id for one in due.leases} == {1, 11}


async def test_sequence_goes_on_when_a_job_comes_back_from_the_dead(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 8))
    await world.observe(gone=[1])
    await world.pass_time(INTERVAL)
    [deleted] = await world.observe(gone=[1])

    [back] = await world.sweep(job(1, 8, at=90))

    assert (deleted.sequence, back.sequence, back.step.before) == (1, 2, NO_JOB)


@pytest.mark.parametrize("repeats", [1, 3])
async def test_the_loss_of_the_source_is_told_once_and_its_return_once(
    world: World, repeats: int
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    after = timedelta(minutes=10)

    async def note(*, is_good: bool) -> list[str]:
        for _ in range(repeats):
            await world.store.watchlist.note_source(P1, is_good=is_good, lost_after=after)
        sent = await world.send_all()
        assert all(isinstance(one, SourceNote) and one.since for one in sent)
        return ["back" if isinstance(one, SourceNote) and one.is_back else "lost" for one in sent]

    assert await note(is_good=True) == []
    await world.pass_time(timedelta(minutes=9))
    assert await note(is_good=False) == []
    await world.pass_time(timedelta(minutes=1))
    assert await note(is_good=False) == ["lost"]
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.confirmed_at == NOON
    await world.store.outbox.record_edited(edit)
    await world.pass_time(timedelta(minutes=30))
    assert await note(is_good=False) == []
    assert await note(is_good=True) == ["back"]
    assert await world.store.outbox.claim_edits(P1, limit=9) == (), "not confirmed yet"
    [held] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    seen = [Observation(lease=held, job=job(205, 8, at=2400))]
    assert await world.store.watchlist.record(seen, next_in={}) == ()
    [edit] = await world.store.outbox.claim_edits(P1, limit=9)
    assert edit.shown.confirmed_at is None


def note_word(delivery: Delivery) -> str:
    """Return which news of the cloud a note reports."""
    assert isinstance(delivery, SourceNote)
    if delivery.is_api_missing:
        return "API missing"
    return "back" if delivery.is_back else "lost"


async def test_the_loss_of_the_api_itself_is_told_once_and_its_return_once(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    after, minute = timedelta(minutes=10), timedelta(minutes=1)
    told: list[str] = []

    async def note(minutes: int, *, is_good: bool = False, is_missing: bool = True) -> None:
        for _ in range(minutes):
            await world.store.watchlist.note_source(
                P1, is_good=is_good, is_missing=is_missing and not is_good, lost_after=after
            )
            told.extend(map(note_word, await world.send_all()))
            await world.pass_time(minute)

    await note(1, is_good=True)
    await note(10)
    assert told == [], "nothing else is told shortly before"
    await note(1)
    assert told == ["API missing"]
    await note(30)
    assert len(told) == 1
    await note(2, is_good=True)
    assert told[1:] == ["back"]

    await note(5, is_missing=False)
    await note(6)
    assert told[2:] == ["lost"], "that long without an answer"
    await note(5)
    assert told[3:] == ["API missing"]
    await note(1, is_missing=False)
    await note(20)
    assert len(told) == 4
    await note(1, is_good=True)
    assert told[4:] == ["back"]


async def test_an_odd_row_of_the_first_list_is_no_news_when_it_can_be_read(world: World) -> None:
    await world.subscribe(a_subscription(PatternTarget("job-*")))
    await world.make_due()
    due = await world.store.watchlist.claim_due(P1, limit=9)
    assert due.sweep_epoch is not None
    first = Sweep(due.sweep_epoch, [job(1, 8)], odd=[JobId(2), JobId(3)])
    assert await world.store.watchlist.record([], next_in={}, sweep=first) == ()
    assert await world.observe(job(2, 8, at=10)) == ()

    news = [job(1, 8, at=30), job(2, 8, at=30), job(3, 8, at=30), job(4, 8, at=30)]
    [appeared] = await world.sweep(*news)

    assert (appeared.job.id, appeared.step.before) == (4, NO_JOB)
    told = await world.sweep(*(job(n, 11, at=60) for n in (1, 2, 3, 4)))
    assert [change.job.id for change in told] == [1, 2, 3, 4]


async def test_what_the_database_does_not_take_is_no_silence_of_the_database(
    world: World,
) -> None:
    await world.subscribe(a_subscription(205), job(205, 7))
    await world.make_due()
    [held] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    bad = job(205, 8)._replace(created_at=NOON.replace(tzinfo=None))
    seen = [Observation(lease=held, job=bad)]

    with pytest.raises(StoreRefused):
        await world.store.watchlist.record(seen, next_in={})


async def test_a_list_is_taken_apart_to_leave_out_what_breaks_it(world: World) -> None:
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 7))
    await world.make_due()
    epoch = (await world.store.watchlist.claim_due(P1, limit=9)).sweep_epoch
    assert epoch is not None
    bad = job(3, 1)._replace(created_at=NOON.replace(tzinfo=None))
    sweep = Sweep(epoch, [job(1, 8, at=30), job(2, 1, at=30), bad, job(4, 1, at=30)])

    with pytest.raises(StoreRefused):
        await world.store.watchlist.record([], next_in={}, sweep=sweep)
    with capture_logs() as logs:
        changes = await world.store.watchlist.record([], next_in={}, sweep=sweep, is_careful=True)

    assert [entry["job"] for entry in logs if entry["event"] == "job_failed"] == [3]
    assert sorted(change.job.id for change in changes) == [1, 2, 4]
    await world.make_due()
    due = await world.store.watchlist.claim_due(P1, limit=9)
    assert {one.job_id for one in due.leases} == {1, 2, 3, 4}, "it is read by itself"
