"""Curious people and a vendor's limit: their reads share the budget, and notices come in time."""

from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.errors import SourceUnavailable
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, pages
from bot.core.subscription import DeliveryMode, EventFilter, Place, ProjectTarget, Subscription
from bot.responder.reads import BoundedReads
from bot.store.store import SqlStore
from bot.watcher.index_poller import IndexPoller
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, NOW, OURS, PROJECT, TEAM, a_job
from tests.proof.virtual_time import open_on_this_thread
from tests.watch_fakes import CHANNEL

VENDORS_LIMIT = 100
BUDGET = 60
JOBS = 1_000


class VendorSource(FakeSource):
    """A cloud that refuses what is more than its limit within a minute."""

    def __init__(self, clock: ManualClock) -> None:
        running = [a_job(number, 8, name=f"job-{number}") for number in range(1, JOBS + 1)]
        super().__init__(running, clock=clock)
        self.calls: deque[float] = deque()
        self.most = 0
        self.refused = 0

    async def get(self, job_id: JobId) -> VisualizationJob:
        self._charge(1)
        return await super().get(job_id)

    async def list_all(self) -> Listing:
        self._charge(pages(len(self.jobs)))
        return await super().list_all()

    def _charge(self, calls: int) -> None:
        now = self.clock.monotonic()
        while self.calls and self.calls[0] <= now - 60:
            self.calls.popleft()
        if len(self.calls) + calls > VENDORS_LIMIT:
            self.refused += 1
            raise SourceUnavailable("Too many requests.", retry_after=30.0)
        self.calls.extend([now] * calls)
        self.most = max(self.most, len(self.calls))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def store(sqlite_file: Path, clock: ManualClock) -> AsyncIterator[SqlStore]:
    made = open_on_this_thread(sqlite_file, clock=clock, interval=timedelta(seconds=30))
    yield made
    await made.close()


@pytest.mark.slow
async def test_curious_people_cost_the_cloud_no_more_than_the_budget_and_delay_no_notice(
    store: SqlStore, clock: ManualClock
) -> None:
    source = VendorSource(clock)
    catalog = Catalog(source, clock=clock)
    pace = Pace(interval=30, calls_per_minute=BUDGET)
    watcher = Watcher(catalog, store.watchlist, store.budget, pace=pace, clock=clock)
    poller = IndexPoller(catalog, store.budget, pace=pace, clock=clock, is_swept=watcher.is_swept)
    reads = BoundedReads(
        catalog, store.budget, calls_per_minute=BUDGET, clock=clock, monotonic=clock.monotonic
    )
    place = Place(team_id=TEAM, channel_id=CHANNEL)
    await store.subscriptions.subscribe(
        Subscription(
            place=place, project_id=PROJECT, target=ProjectTarget(),
            event_filter=EventFilter("all"), delivery_mode=DeliveryMode.THREAD,
            created_by=ANA, created_at=NOW,
        ),
        baseline=None,
    )  # fmt: skip
    poll_at = watch_at = 0.0
    changed_at, oldest = 120, 0.0
    noticed_after: list[int] = []
    for second in range(300):
        if second == changed_at:
            source.jobs[300] = a_job(301, 12, name="job-301")
        now = clock.monotonic()
        if watch_at <= now:
            watch_at = now + await watcher.poll(OURS)
        if poll_at <= now:
            poll_at = now + await poller.poll(OURS)
        await reads.report()
        for _ in range(2 if second % 3 == 0 else 1):  # a mistyped name; every 3 s a list, too
            listing = await reads.listing(Request(text="", team_id=TEAM, user_id=f"U{second % 9}"))
            oldest = max(oldest, (clock() - listing.read_at).total_seconds())
        since = await store.history.changes_since(OURS, since=NOW, job_id=JobId(301))
        if since and not noticed_after:
            noticed_after.append(second - changed_at)
        clock.advance(seconds=1)

    assert source.refused == 0
    assert source.most <= BUDGET + BUDGET // 2
    assert oldest <= 31, "the index that people are shown is fresh"
    assert noticed_after
    assert noticed_after[0] <= 31
