"""Wrong clocks: changes are polled in time and posted once and in order, and the ticker goes on,
whatever time a clock shows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.core.ports.time import Clock
from bot.serve.clock import SteadyClock
from bot.serve.ticker import Duty, start_ticking
from bot.store import SqlStore, migrate, open_store
from tests.fakes import ManualClock
from tests.proof.clocks import STAY, Life, Wall, job_at
from tests.proof.extent import IS_FULL
from tests.proof.virtual_time import VirtualLoop, run
from tests.store.world import NOON, P1, World, a_subscription

SPANS = {
    "ten seconds": timedelta(seconds=10),
    "five minutes": timedelta(minutes=5),
    "an hour": timedelta(hours=1),
}
#: The special moment of each is within the first stay of the job.
STARTS = {
    "noon": NOON,
    "into the leap day": datetime(2028, 2, 28, 23, 59, 30, tzinfo=UTC),
    "out of the leap day": datetime(2028, 2, 29, 23, 59, 30, tzinfo=UTC),
    "summer time begins": datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC),
    "summer time ends": datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC),
    "the year ends": datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC),
}
CHANGES = 5


def set_by(span: timedelta) -> Callable[[Wall], None]:
    """Make a mishap that sets the clock forward by `span`."""

    def happen(wall: Wall) -> None:
        wall.now += span

    return happen


def stop(wall: Wall) -> None:
    """Stop the clock."""
    wall.stands = True


MISHAPS: dict[str, Callable[[Wall], None]] = {
    "stands": stop,
    **{f"{span} ahead": set_by(by) for span, by in SPANS.items()},
    **{f"{span} behind": set_by(-by) for span, by in SPANS.items()},
}


# A clock that stands, and the longest jumps.
_WORST = MISHAPS if IS_FULL else dict([*MISHAPS.items()][::3])

OpenHere = Callable[[str, Clock], SqlStore]


@pytest.fixture
async def open_here() -> AsyncIterator[OpenHere]:
    """A function that opens a store with a clock; the store is closed at the end of the test."""
    async with AsyncExitStack() as stack:

        def open_and_keep(url: str, clock: Clock) -> SqlStore:
            store = open_store(url, clock=clock)
            stack.push_async_callback(store.close)
            return store

        yield open_and_keep


async def live(life: Life, store: SqlStore, wall: Wall, mishap: Callable[[Wall], None]) -> None:
    """Play two changes, the mishap and the other changes; check that each is seen in time and
    posted once and in order."""
    for number in range(1, CHANGES + 1):
        await life.go_on(STAY)
        if number == 2:
            mishap(wall)
        # Each change was seen before the next one, so two polls are at most two intervals apart.
        history = await store.history.changes_since(P1, since=datetime.min.replace(tzinfo=UTC))
        assert number - 1 <= len(history) <= number
    await life.go_on(2 * STAY)

    assert life.slack.told[:CHANGES] == list(range(1, CHANGES + 1))


@pytest.mark.parametrize("mishap", _WORST.values(), ids=_WORST.keys())
async def test_two_replicas_of_which_one_has_a_wrong_clock_miss_and_double_nothing(
    postgresql_url: str, open_here: OpenHere, mishap: Callable[[Wall], None]
) -> None:
    await migrate(postgresql_url)
    walls = [Wall(NOON) for _ in range(2)]
    stores = [open_here(postgresql_url, wall) for wall in walls]
    world = World(stores[0], ManualClock(NOON))
    life = Life(world.pass_time)
    for store, wall in zip(stores, walls, strict=True):
        life.add_replica(store, wall)
    await world.subscribe(a_subscription(), job_at(0, NOON))

    await live(life, stores[0], walls[0], mishap)


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS.keys())
async def test_a_file_whose_process_has_a_wrong_clock_misses_and_doubles_nothing(
    sqlite_url: str, open_here: OpenHere, mishap: Callable[[Wall], None]
) -> None:
    await _live_on_a_file(sqlite_url, open_here, NOON, mishap)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS.keys())
async def test_no_date_is_special(sqlite_url: str, open_here: OpenHere, start: datetime) -> None:
    await _live_on_a_file(sqlite_url, open_here, start, lambda _: None)


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS.keys())
def test_a_steady_clock_follows_forward_and_never_goes_back(span: timedelta) -> None:
    wall = Wall(NOON)
    life = Life(_nothing)
    clock = SteadyClock(wall, monotonic=life.monotonic)

    wall.now += span
    assert clock() == NOON + span
    wall.now -= 2 * span
    life.elapsed += 7
    assert clock() == NOON + span + timedelta(seconds=7)
    wall.now += 3 * span
    assert clock() == NOON + 2 * span


def test_the_ticker_goes_on_while_the_wall_clock_stands() -> None:
    loop = VirtualLoop()
    ticks: list[float] = []

    async def work() -> float:
        ticks.append(loop.time())
        return 0.0

    async def live_two_minutes() -> None:
        # The scheduler reads the real clock, by which these two minutes take no time.
        scheduler = start_ticking([Duty("poll", work, monotonic=loop.time)])
        await asyncio.sleep(120)
        scheduler.shutdown(wait=False)
        await asyncio.sleep(60)

    with capture_logs() as logs:
        run(loop, live_two_minutes())
    loop.close()

    assert max(after - before for before, after in pairwise(ticks)) <= 10
    assert 110 <= max(ticks) <= 120
    assert any(line["event"] == "ticker_silent" for line in logs)


def test_a_ticker_whose_clock_was_set_back_goes_by_the_new_time() -> None:
    loop = VirtualLoop()

    async def wait_for_the_watchdog() -> timedelta:
        scheduler = start_ticking([])
        [job] = scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        await asyncio.sleep(11)
        until_next: timedelta = job.next_run_time - datetime.now(UTC)
        scheduler.shutdown(wait=False)
        return until_next

    with capture_logs():
        until_next = run(loop, wait_for_the_watchdog())
    loop.close()

    assert until_next <= timedelta(seconds=1)


async def _live_on_a_file(
    url: str, open_here: OpenHere, start: datetime, mishap: Callable[[Wall], None]
) -> None:
    await migrate(url)
    wall, life = Wall(start), Life(_nothing)
    store = open_here(url, SteadyClock(wall, monotonic=life.monotonic))
    life.add_replica(store, wall)
    await store.subscriptions.subscribe(a_subscription(), baseline=job_at(0, start))

    await live(life, store, wall, mishap)


async def _nothing(_: timedelta) -> None:
    pass
