"""Jobs that keep changing, and workers that report the changes, on any database in real time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

from bot.catalog import Catalog
from bot.core.card_edit import CardEdit
from bot.core.change import StatusChange
from bot.core.delivery import CardDelivery, Delivery, MessageRef
from bot.core.delivery_ids import delivery_id
from bot.core.errors import StoreUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.listing import Listing
from bot.core.subscription import JobTarget, Place
from bot.courier.courier import Courier
from bot.courier.lease_timing import LeaseTiming
from bot.store import SqlStore
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.store.world import P1, a_subscription

TEAM = "T1"
#: The project of `wish`.
PROJECT = "p1"
TIMING = LeaseTiming(
    lease=timedelta(seconds=3), settle=timedelta(seconds=0.3), timeout=timedelta(seconds=0.5)
)
INTERVAL = timedelta(seconds=0.3)
_TICK_SECONDS = 0.1
_MOVE_SECONDS = 1.2
#: Long, because a slow machine is no fault of the program.
_PATIENCE_SECONDS = 200
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: None of these ends a job, because ended jobs are read too rarely for this test.
_STATUSES = (7, 8, 4)
#: A job never returns to this status, because a return between two reads would be no change.
_FIRST_STATUS = 1


def utc_now() -> datetime:
    """Return the time, which is that of a PostgreSQL server on this machine, too."""
    return datetime.now(UTC)


class Jobs:
    """A JobSource whose jobs change at each call of `move`."""

    project_id = PROJECT

    def __init__(self, number: int) -> None:
        self.lives = {JobId(id): [_FIRST_STATUS] for id in range(1, number + 1)}

    def move(self) -> None:
        """Change the status of every job."""
        for life in self.lives.values():
            life.append(_STATUSES[len(life) % len(_STATUSES)])

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Return one job as it is now."""
        status = JobStatus(self.lives[job_id][-1])
        return VisualizationJob(id=job_id, status=status, read_at=utc_now(), name=f"run-{job_id}")

    def is_fresh(self, job_id: JobId | None) -> bool:
        del job_id
        return False

    async def list_all(self) -> Listing:
        """Return all jobs as they are now."""
        jobs = tuple([await self.get(job_id) for job_id in self.lives])
        return Listing(jobs=jobs, read_at=utc_now())


@dataclass(slots=True)
class Shelf:
    """A Slack that never fails and keeps its messages; a blind one finds none of them."""

    is_blind: bool = False
    after_post: Callable[[], None] = lambda: None
    shown: list[tuple[Delivery, MessageRef]] = field(default_factory=list)
    #: The longest time from when a change was seen until it was posted, in seconds.
    worst_delay: float = 0.0
    _posts: int = 0

    async def post(self, delivery: Delivery) -> MessageRef:
        """Show a delivery, and call `after_post`."""
        self._posts += 1
        ts = f"1772366400.{self._posts:06}"
        message = MessageRef(channel_id=delivery.place.channel_id, ts=ts)
        self.shown.append((delivery, message))
        now = utc_now()
        delays = [now - change.seen_at for change in delivery.changes]
        self.worst_delay = max(self.worst_delay, *(one.total_seconds() for one in delays), 0.0)
        self.after_post()
        return message

    async def edit(self, edit: CardEdit) -> None:
        """Do nothing, because these tests check no edits of cards."""

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Do nothing, because these tests check no corrections."""

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Return every copy of a delivery; nothing if this Slack is blind."""
        if self.is_blind:
            return ()
        return tuple(message for other, message in self.shown if other.id == delivery.id)

    async def delete(self, _: Place, message: MessageRef) -> None:
        """Remove a message."""
        self.shown = [(delivery, kept) for delivery, kept in self.shown if kept != message]

    def told(self, place: Place) -> list[str]:
        """Return the delivery id of every change that a place shows, also in groups, oldest
        first."""
        return [
            delivery_id(place, change)
            for delivery, _ in self.shown
            if delivery.place == place and not isinstance(delivery, CardDelivery)
            for change in delivery.changes
        ]


class Load:
    """A load on the database: each job is watched from a channel of its own, and each store has a
    watcher and a courier."""

    def __init__(self, *stores: SqlStore, jobs: int, slack: Shelf) -> None:
        self.jobs = Jobs(jobs)
        self.slack = slack
        self.stores = stores
        self._tasks: list[asyncio.Task[None]] = []
        self._is_moving = True

    async def start(self) -> None:
        """Subscribe, and start all workers, which run until `stop`."""
        subscriptions = self.stores[0].subscriptions
        for job_id in self.jobs.lives:
            kept = a_subscription(JobTarget(job_id), _place(job_id))
            await subscriptions.subscribe(kept, baseline=await self.jobs.get(job_id))
        works = [work for store in self.stores for work in self._workers(store)]
        loops = [*(self._repeat(work) for work in works), self._move()]
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def finish(self) -> None:
        """Stop the changes, and wait until every change is recorded and sent."""
        self._is_moving = False
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not await self._is_done():
                self._look_for_failures()
                await asyncio.sleep(0.2)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let the workers run until `is_so` is true."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not is_so():
                self._look_for_failures()
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Cancel all workers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def history(self) -> tuple[StatusChange, ...]:
        """Return every recorded change."""
        return await self.stores[0].history.changes_since(P1, since=_LONG_AGO)

    async def check(self) -> int:
        """Check that each change is true and was shown once and in order; return how many there
        were."""
        history = await self.history()
        counts = await self.stores[0].history.counts(P1)
        assert not counts.dead
        for job_id, life in self.jobs.lives.items():
            own = [change for change in history if change.job.id == job_id]
            assert [change.sequence for change in own] == list(range(1, len(own) + 1))
            states = [life[0], *(change.step.after for change in own)]
            assert [change.step.before for change in own] == states[:-1]
            assert states[-1] == life[-1]
            assert all(before != after for before, after in pairwise(states))
            expected = [delivery_id(_place(job_id), change) for change in own]
            assert self.slack.told(_place(job_id)) == expected
        return len(history)

    def doubled(self) -> int:
        """Return how many deliveries are shown more than once."""
        copies = Counter(delivery.id for delivery, _ in self.slack.shown)
        return sum(number > 1 for number in copies.values())

    def _look_for_failures(self) -> None:
        """Fail if a worker has raised."""
        for task in self._tasks:
            if task.done() and (error := task.exception()):
                raise AssertionError("a worker failed") from error

    async def _move(self) -> None:
        while self._is_moving:
            self.jobs.move()
            await asyncio.sleep(_MOVE_SECONDS)

    async def _repeat(self, work: Callable[[], Awaitable[float]]) -> None:
        while True:
            await work()
            await asyncio.sleep(_TICK_SECONDS)

    async def _is_done(self) -> bool:
        try:
            history = await self.history()
            counts = await self.stores[0].history.counts(P1)
        except StoreUnavailable:
            return False
        last = {change.job.id: change.step.after for change in history}
        is_known = all(last.get(id) == life[-1] for id, life in self.jobs.lives.items())
        return is_known and not counts.open + counts.held

    def _workers(self, store: SqlStore) -> list[Callable[[], Awaitable[float]]]:
        loop = asyncio.get_running_loop()
        watcher = Watcher(
            Catalog(self.jobs, clock=utc_now),
            store.watchlist,
            store.budget,
            pace=Pace(interval=INTERVAL.total_seconds(), calls_per_minute=0),
            clock=utc_now,
        )
        courier = Courier(
            store.outbox,
            self.slack,
            timing=TIMING,
            clock=utc_now,
            monotonic=loop.time,
            jitter=lambda: 0.5,
        )
        return [partial(watcher.poll, P1), partial(courier.deliver_due, P1)]


def _place(job_id: JobId) -> Place:
    return Place(team_id=TEAM, channel_id=f"C{job_id:04}")
