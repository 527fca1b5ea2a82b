"""A job, its replicas and a Slack with unclear answers, under clocks that a test can set wrong."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.card_edit import CardEdit
from bot.core.delivery import CardDelivery, Delivery, MessageRef
from bot.core.errors import MessengerUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.listing import Listing
from bot.courier.courier import Courier
from bot.courier.lease_timing import LeaseTiming
from bot.store import SqlStore
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.store.world import P1

INTERVAL = 30.0
STEP = 10.0
#: How long the job keeps a status, in seconds: two polls and a step more.
STAY = 2 * INTERVAL + 2 * STEP
TIMING = LeaseTiming(
    lease=timedelta(seconds=60), settle=timedelta(seconds=30), timeout=timedelta(seconds=10)
)


class Wall:
    """A wall clock that a test sets, or stops."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.stands = False

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        """Advance, unless the clock stands."""
        if not self.stands:
            self.now += timedelta(seconds=seconds)


class Life:
    """Replicas over one database; `elapsed` is the true time, in seconds."""

    def __init__(self, pass_store_time: Callable[[timedelta], Awaitable[None]]) -> None:
        self.elapsed = 0.0
        self.slack = MumblingSlack()
        self._pass_store_time = pass_store_time
        self._walls: list[Wall] = []
        self._watchers: list[Watcher] = []
        self._couriers: list[Courier] = []

    def monotonic(self) -> float:
        """Return the true time, in seconds."""
        return self.elapsed

    def add_replica(self, store: SqlStore, wall: Wall) -> None:
        """Add a watcher and a courier that use this wall clock."""
        watcher = Watcher(
            Catalog(_Cloud(self, wall), clock=wall),
            store.watchlist,
            store.budget,
            pace=Pace(interval=INTERVAL, calls_per_minute=60),
            clock=wall,
        )
        courier = Courier(
            store.outbox,
            self.slack,
            timing=TIMING,
            clock=wall,
            monotonic=self.monotonic,
            jitter=lambda: 0.5,
        )
        self._walls.append(wall)
        self._watchers.append(watcher)
        self._couriers.append(courier)

    async def go_on(self, seconds: float) -> None:
        """Let every watcher and courier work once in each step."""
        for _ in range(int(seconds / STEP)):
            for watcher in self._watchers:
                await watcher.poll(P1)
            for courier in self._couriers:
                await courier.deliver_due(P1)
            await self.pass_time(STEP)

    async def pass_time(self, seconds: float) -> None:
        """Advance the time of the store and of every wall clock."""
        self.elapsed += seconds
        for wall in self._walls:
            wall.pass_time(seconds)
        await self._pass_store_time(timedelta(seconds=seconds))


def job_at(elapsed: float, read_at: datetime) -> VisualizationJob:
    """Return the job as it is then, in one of two steady statuses by turns."""
    status = (8, 37)[int(elapsed // STAY) % 2]
    return VisualizationJob(id=JobId(205), status=JobStatus(status), read_at=read_at, name="tb")


class _Cloud:
    project_id = "p1"

    def __init__(self, life: Life, wall: Wall) -> None:
        self._life = life
        self._wall = wall

    async def get(self, job_id: JobId) -> VisualizationJob:
        assert job_id == 205
        return job_at(self._life.elapsed, self._wall())

    def is_fresh(self, job_id: JobId | None) -> bool:
        del job_id
        return False

    async def list_all(self) -> Listing:
        now = self._wall()
        return Listing(jobs=(job_at(self._life.elapsed, now),), read_at=now)


class MumblingSlack:
    """A Slack that shows every post, but answers clearly to two of three only."""

    def __init__(self) -> None:
        self.shown: list[tuple[MessageRef, Delivery]] = []

    @property
    def told(self) -> list[int]:
        """Return the sequence of each change that is shown, in the order of posting."""
        news = [one for _, one in self.shown if not isinstance(one, CardDelivery)]
        return [change.sequence for one in news for change in one.changes]

    async def post(self, delivery: Delivery) -> MessageRef:
        """Show a delivery; raise MessengerUnavailable for every third."""
        ref = MessageRef(channel_id=delivery.place.channel_id, ts=f"177.{len(self.shown) + 1:06}")
        self.shown.append((ref, delivery))
        if len(self.shown) % 3 == 0:
            raise MessengerUnavailable("mumble")
        return ref

    async def edit(self, edit: CardEdit) -> None:
        """Do nothing, because these tests check no cards."""

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Do nothing, because these tests check no corrections."""

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Return every copy of a delivery."""
        return tuple(ref for ref, shown in self.shown if shown.id == delivery.id)

    async def delete(self, _: object, message: MessageRef) -> None:
        """Fail, because no message may ever be there twice."""
        raise AssertionError(f"{message} was there twice")
