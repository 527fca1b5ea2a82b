"""What a read leaves as it was is only pushed on, with a lease and without."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.change import Step
from bot.core.job import JobStatus, VisualizationJob
from bot.core.ports.store import Observation
from bot.store.database.tables import watched_job
from tests.store.world import HERE, INTERVAL, LEASE, NOON, P1, World, a_subscription, connected, job

TICK = timedelta(seconds=1)
KNOWN = job(205, 8)._replace(created_at=NOON - timedelta(hours=2), duration=timedelta(hours=1))
LATER = KNOWN._replace(read_at=NOON + timedelta(minutes=1), duration=timedelta(minutes=61))


async def row_of(world: World, number: int = 205) -> dict[str, object]:
    """The watched row of a job."""
    with connected(world.store) as connection:
        query = select(watched_job).where(watched_job.c.job_id == number)
        return dict(connection.execute(query).mappings().one())


async def still_due(world: World) -> list[int]:
    """The jobs that can be leased now."""
    return [one.job_id for one in (await world.store.watchlist.claim_due(P1, limit=9)).leases]


async def confirm(world: World, *jobs: VisualizationJob) -> None:
    """Confirm what these reads tell, due again after an interval."""
    await world.store.watchlist.confirm(P1, jobs, due_in=INTERVAL)


@pytest.fixture
async def watched(world: World) -> World:
    """A world that watches job 205 as KNOWN, due now."""
    await world.subscribe(a_subscription(), KNOWN)
    await world.make_due()
    return world


async def test_a_leased_row_is_pushed_on_and_keeps_how_long_the_job_ran(watched: World) -> None:
    [held] = (await watched.store.watchlist.claim_due(P1, limit=9)).leases
    seen = Observation(lease=held, job=LATER)
    assert await watched.store.watchlist.record([seen], next_in={LATER.id: INTERVAL}) == ()

    row = await row_of(watched)
    assert (row["read_at"], row["duration"]) == (LATER.read_at, LATER.duration)
    assert row["epoch"] == held.epoch + 1
    assert await still_due(watched) == []
    await watched.pass_time(INTERVAL + TICK)
    assert await still_due(watched) == [205]


async def test_what_stands_as_read_is_confirmed_without_a_lease(watched: World) -> None:
    await confirm(watched, LATER, job(206, 8))

    row = await row_of(watched)
    assert (row["read_at"], row["duration"]) == (LATER.read_at, LATER.duration)
    assert await still_due(watched) == []
    await watched.pass_time(INTERVAL + TICK)
    assert await still_due(watched) == [205]


@pytest.mark.parametrize(
    "read",
    [
        LATER._replace(status=JobStatus.KILLING),
        LATER._replace(name="another"),
        LATER._replace(description="more"),
        LATER._replace(service_url="https://x"),
        LATER._replace(train_url="/x"),
        LATER._replace(resource_id="x"),
        LATER._replace(created_at=NOON),
        LATER._replace(created_at=None),
        LATER._replace(duration=timedelta(minutes=1)),
        LATER._replace(duration=timedelta(minutes=59, seconds=58, milliseconds=999)),
        LATER._replace(read_at=NOON - TICK),
    ],
)
async def test_whatever_differs_is_left_to_who_compares(
    watched: World, read: VisualizationJob
) -> None:
    await confirm(watched, read)

    assert await still_due(watched) == [205]


async def test_what_rounding_makes_is_confirmed(watched: World) -> None:
    await confirm(watched, LATER._replace(duration=timedelta(minutes=59, seconds=59)))

    assert await still_due(watched) == []


async def test_a_job_that_was_missing_once_is_not_confirmed(watched: World) -> None:
    await watched.observe(gone=[205])
    await watched.make_due()

    await confirm(watched, LATER)

    assert await still_due(watched) == [205]


async def test_who_waits_for_a_first_read_is_left_to_who_records(watched: World) -> None:
    await watched.subscribe(a_subscription(place=replace(HERE, channel_id="C9")))

    await confirm(watched, LATER)
    assert await still_due(watched) == [205]

    await watched.observe(LATER)
    states = await watched.store.subscriptions.list_subscriptions(P1)
    assert {one.state.value for one in states} == {"active"}


async def test_a_leased_row_is_not_confirmed_and_an_ended_lease_is_fenced(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.make_due()
    [late] = (await world.store.watchlist.claim_due(P1, limit=9)).leases
    await confirm(world, job(205, 8, at=60))
    assert (await row_of(world))["epoch"] == late.epoch

    await world.pass_time(LEASE + TICK)
    await confirm(world, job(205, 8, at=60))

    seen = [Observation(lease=late, job=job(205, 9, at=60))]
    assert await world.store.watchlist.record(seen, next_in={}) == ()
    assert (await row_of(world))["status"] == 8


async def test_what_nobody_wishes_to_hear_of_any_more_is_not_due_again(watched: World) -> None:
    [held] = (await watched.store.watchlist.claim_due(P1, limit=9)).leases
    await watched.store.subscriptions.unsubscribe(P1, HERE, None, by="U1")

    await watched.store.watchlist.record([Observation(lease=held, job=LATER)], next_in={})

    assert (await row_of(watched))["next_at"] is None


async def test_a_restart_is_seen_though_the_reads_before_it_told_nothing(watched: World) -> None:
    await watched.observe(LATER)
    await watched.make_due()
    longest = LATER._replace(read_at=NOON + 2 * INTERVAL, duration=timedelta(hours=3))
    await confirm(watched, longest)

    # Longer than when the row was last compared in full, shorter than when it was last read.
    again = longest._replace(read_at=NOON + 3 * INTERVAL, duration=timedelta(hours=2))
    [change] = await watched.observe(again)

    assert change.step == Step(8, 8)


async def test_what_is_due_is_counted(watched: World) -> None:
    await watched.subscribe(a_subscription(206), job(206, 8))
    assert await watched.store.watchlist.count_due(P1) == 2
    await confirm(watched, LATER)
    assert await watched.store.watchlist.count_due(P1) == 1


@pytest.mark.parametrize(
    "read", [LATER, LATER._replace(name="another"), LATER._replace(status=JobStatus.KILLING), None]
)
async def test_what_nobody_wishes_to_hear_of_while_it_is_leased_is_polled_no_more(
    watched: World, read: VisualizationJob | None
) -> None:
    [held] = (await watched.store.watchlist.claim_due(P1, limit=9)).leases
    await watched.store.subscriptions.unsubscribe(P1, HERE, None, by="U1")

    if read is None:
        await watched.store.watchlist.release([held], due_in=TICK)
    else:
        seen = Observation(lease=held, job=read)
        await watched.store.watchlist.record([seen], next_in={LATER.id: TICK})

    row = await row_of(watched)
    assert (row["epoch"], row["next_at"]) == (held.epoch + 1, None)
    await watched.pass_time(INTERVAL)
    assert await still_due(watched) == []
