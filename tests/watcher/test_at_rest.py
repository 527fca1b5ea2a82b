"""What the watch and the index cost the cloud in an hour in which nobody asks; the real store."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.catalog import Catalog
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing
from bot.core.subscription import JobTarget, Place, ProjectTarget, Target
from bot.store import SqlStore
from bot.store.database.tables import watched_job
from bot.watcher.index_poller import IndexPoller
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.databases import sqlite_migrated
from tests.fakes import FakeSource, ManualClock
from tests.make import OURS, TEAM, a_job
from tests.proof.virtual_time import open_on_this_thread
from tests.store.world import connected
from tests.watch_fakes import a_subscription

JOBS = 300
INTERVAL = 30
#: Until the reads have found their beat.
SETTLING = 95
SECONDS = 840
LONG_UNASKED = timedelta(minutes=10)


class CountingSource(FakeSource):
    """A cloud that counts its calls: a list takes one for each hundred jobs."""

    calls = 0
    lists = 0

    async def get(self, job_id: JobId) -> VisualizationJob:
        self.calls += 1
        return await super().get(job_id)

    async def list_all(self) -> Listing:
        self.lists += 1
        self.calls += JOBS // 100
        return await super().list_all()


class Rest:
    """The two that read by themselves, second by second."""

    def __init__(self, folder: Path, statuses: tuple[int, ...] = (8,)) -> None:
        self.clock = ManualClock()
        jobs = [a_job(n, statuses[n % len(statuses)], name=f"job-{n}") for n in range(1, JOBS + 1)]
        self.source = CountingSource(jobs, clock=self.clock)
        file = folder / "rest.db"
        file.write_bytes(sqlite_migrated())
        span = timedelta(seconds=INTERVAL)
        self.store: SqlStore = open_on_this_thread(file, clock=self.clock, interval=span)
        self.catalog = Catalog(self.source, clock=self.clock)
        self.clock.advance(seconds=LONG_UNASKED.total_seconds())
        pace = Pace(interval=INTERVAL, calls_per_minute=60)
        store, clock = self.store, self.clock
        self.watcher = Watcher(self.catalog, store.watchlist, store.budget, pace=pace, clock=clock)
        self._poller = IndexPoller(
            self.catalog,
            store.budget,
            pace=pace,
            clock=clock,
            is_swept=self.watcher.is_swept,
        )
        self._polls_at = 0.0
        #: Of each watched job: seconds between two good reads.
        self.gaps: list[float] = []

    async def watch(self, target: Target) -> None:
        """Let a channel follow it from now on."""
        place = Place(team_id=TEAM, channel_id="C0EXP00001")
        wish = a_subscription(target, place=place)
        baseline = await self.source.get(target.job_id) if isinstance(target, JobTarget) else None
        await self.store.subscriptions.subscribe(wish, baseline=baseline)

    async def pass_seconds(self, seconds: int) -> None:
        """Let them work for so long."""
        for _ in range(seconds):
            now = self.clock.monotonic()
            if (await self.store.find_due_work(OURS)).may_watch:
                await self.watcher.poll(OURS)
            if self._polls_at <= now:
                self._polls_at = now + await self._poller.poll(OURS)
            self.clock.advance(seconds=1)

    async def calls_an_hour(self) -> float:
        """What it costs once all has settled."""
        await self.pass_seconds(SETTLING)
        before = self.source.calls
        await self.pass_seconds(SECONDS)
        return (self.source.calls - before) * 3600 / SECONDS


@pytest.mark.parametrize(
    ("what", "watched", "statuses", "at_most"),
    [
        ("nothing is watched: the index alone", 0, (8,), 40),
        pytest.param("one job: itself, and the index", 1, (8,), 160, marks=pytest.mark.slow),
        ("a hundred jobs: one list serves all", 100, (8,), 400),
        pytest.param("running, ended, failed", 100, (8, 12, 9), 400, marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
async def test_the_cloud_is_called_so_often_at_most_in_an_hour(
    what: str, watched: int, statuses: tuple[int, ...], at_most: int, tmp_path: Path
) -> None:
    rest = Rest(tmp_path, statuses)
    for number in range(1, watched + 1):
        await rest.watch(JobTarget(JobId(number)))
        await rest.pass_seconds(number % 3 == 0)  # each begins at a time of its own

    assert await rest.calls_an_hour() <= at_most, what
    await rest.store.close()


@pytest.mark.slow
async def test_a_project_that_is_followed_beside_its_jobs_is_read_once_for_both(
    tmp_path: Path,
) -> None:
    rest = Rest(tmp_path)
    for number in range(1, 51):
        await rest.watch(JobTarget(JobId(number)))
    await rest.pass_seconds(11)
    await rest.watch(ProjectTarget())

    assert await rest.calls_an_hour() <= 400
    await rest.store.close()


@pytest.mark.slow
async def test_each_watched_job_is_read_in_each_interval_all_the_same(tmp_path: Path) -> None:
    rest = Rest(tmp_path)
    for number in range(1, 21):
        await rest.watch(JobTarget(JobId(number)))
        await rest.pass_seconds(number % 5)
    for _ in range(240):
        await rest.pass_seconds(1)
        with connected(rest.store) as connection:
            oldest = connection.scalar(select(func.min(watched_job.c.recorded_at)))
        assert oldest is not None
        rest.gaps.append((rest.clock() - oldest).total_seconds())

    assert max(rest.gaps) <= INTERVAL + 2
    await rest.store.close()


@pytest.mark.slow
async def test_who_asks_after_a_rest_finds_a_fresh_index_within_two_seconds(
    tmp_path: Path,
) -> None:
    rest = Rest(tmp_path)
    await rest.pass_seconds(150)
    assert rest.catalog.index(OURS) is not None
    before = rest.source.lists

    rest.catalog.note_asked(TEAM)
    await rest.pass_seconds(2)
    assert rest.source.lists == before + 1
    await rest.pass_seconds(9 * 60)
    assert rest.source.lists >= before + 17, "in each interval, for as long as somebody may ask"
    await rest.store.close()
