"""A job, its watchers and a Slack that mumbles, under clocks that a test may falsify."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.card_edit import CardEdit
from bot.core.delivery import CardDelivery, Delivery, MessageRef
from bot.core.errors import MessengerUnavailable
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.listing import Listing
from bot.courier.courier import Courier
from bot.courier.timing import Timing
from bot.store import SqlStore
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.store.world import P1

INTERVAL = 30.0
STEP = 10.0
#: So long the job keeps a status: two polls and a step more.
STAY = 2 * INTERVAL + 2 * STEP
TIMING = Timing(
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
        """Go on, unless it stands."""
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
        """The true time."""
        return self.elapsed

    def add_replica(self, store: SqlStore, wall: Wall) -> None:
        """A watcher and a courier that go by this wall clock."""
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
        """Let everybody work once in each step."""
        for _ in range(int(seconds / STEP)):
            for watcher in self._watchers:
                await watcher.poll(P1)
            for courier in self._couriers:
                await courier.deliver_due(P1)
            await self.pass_time(STEP)

    async def pass_time(self, seconds: float) -> None:
        """Let time go by, for the store and on every wall."""
        self.elapsed += seconds
        for wall in self._walls:
            wall.pass_time(seconds)
        await self._pass_store_time(timedelta(seconds=seconds))


def job_at(elapsed: float, read_at: datetime) -> VisualizationJob:
    """Now in one steady status and now in the other."""
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
    """Shows whatever it is sent, and says so in two of three cases."""

    def __init__(self) -> None:
        self.shown: list[tuple[MessageRef, Delivery]] = []

    @property
    def told(self) -> list[int]:
        """The sequence of each change that is shown, in the order of posting."""
        news = [one for _, one in self.shown if not isinstance(one, CardDelivery)]
        return [change.sequence for one in news for change in one.changes]

    async def post(self, delivery: Delivery) -> MessageRef:
        """Show it."""
        ref = MessageRef(channel_id=delivery.place.channel_id, ts=f"177.{len(self.shown) + 1:06}")
        self.shown.append((ref, delivery))
        if len(self.shown) % 3 == 0:
            raise MessengerUnavailable("mumble")
        return ref

    async def edit(self, edit: CardEdit) -> None:
        """Cards are not looked at here."""

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Nor is what was posted."""

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Every copy."""
        return tuple(ref for ref, shown in self.shown if shown.id == delivery.id)

    async def delete(self, _: object, message: MessageRef) -> None:
        """Nothing is ever there twice."""
        raise AssertionError(f"{message} was there twice")
