"""A store whose time the tests move, and the values that its tests use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select, text, update

from bot.core.absence import ListEvidence
from bot.core.change import StatusChange
from bot.core.delivery import CardDelivery, Delivery, MessageRef, Notice
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.ports.store import Observation, Subscribed, Sweep
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, EventFilter, JobTarget, Place, Subscription, Target
from bot.store import SqlStore
from bot.store.database.columns import UtcTime
from bot.store.database.tables import (
    change,
    late_records,
    metadata,
    project,
    watch_lease,
    watched_job,
)
from tests.fakes import ManualClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
P1 = Project(team_id="T1", project_id="p1")
P2 = Project(team_id="T2", project_id="p1")
HERE = Place(team_id="T1", channel_id="C1")
THERE = Place(team_id="T1", channel_id="C2")
_NOW = text("SELECT clock_timestamp()")
# These columns have the time of the cloud's clock, so `pass_time` leaves them alone: otherwise a
# job would seem younger, and so restarted, at each read.
_OTHER_CLOCKS = {"read_at", "last_seen_at"}
_MADE_IN_THE_CLOUD = {watched_job.c.created_at, change.c.created_at, change.c.seen_at}
LEASE = timedelta(seconds=60)
SETTLE = timedelta(seconds=30)
INTERVAL = timedelta(seconds=30)


def job(number: int = 205, status: int = 7, *, at: float = 0, name: str = "") -> VisualizationJob:
    """Return a job that was read `at` seconds after noon."""
    return VisualizationJob(
        id=JobId(number),
        status=JobStatus(status),
        read_at=NOON + timedelta(seconds=at),
        name=name or f"job-{number}",
        duration=timedelta(milliseconds=33_000),
    )


def a_subscription(
    target: Target | int = 205,
    place: Place = HERE,
    *,
    wanted: str = "all",
    delivery_mode: DeliveryMode = DeliveryMode.THREAD,
    until: datetime | None = None,
) -> Subscription:
    """Return a subscription of a place, by U1, in project p1."""
    return Subscription(
        place=place,
        project_id="p1",
        target=JobTarget(JobId(target)) if isinstance(target, int) else target,
        event_filter=EventFilter(wanted),
        delivery_mode=delivery_mode,
        created_by="U1",
        created_at=NOON,
        until=until,
    )


@contextmanager
def connected(store: SqlStore) -> Iterator[Connection]:
    """Yield a connection to the store's database, past the store's methods."""
    with store._database.begin() as transaction:
        yield transaction.connection


class World:
    """A store, with the steps of the poller and the courier as methods.

    PostgreSQL has its own clock, so there `pass_time` makes every stored time older.
    """

    def __init__(self, store: SqlStore, clock: ManualClock) -> None:
        self.store = store
        self._clock = clock
        self._sent = 0

    async def pass_time(self, span: timedelta) -> None:
        """Let `span` pass, for the store."""
        if self.store._database.is_sqlite:
            self._clock.now += span
            return
        with connected(self.store) as connection:
            for table in metadata.sorted_tables:
                times = [
                    column.name
                    for column in table.c
                    if isinstance(column.type, UtcTime)
                    and column.name not in _OTHER_CLOCKS
                    and column not in _MADE_IN_THE_CLOUD
                ]
                sets = ", ".join(f"{t} = {t} - :span" for t in times)
                if sets:
                    connection.execute(
                        text(f"UPDATE {table.name} SET {sets}"),  # noqa: S608 - our own names
                        {"span": span},
                    )

    async def now(self) -> datetime:
        """Return the store's time."""
        if self.store._database.is_sqlite:
            return self._clock.now
        with connected(self.store) as connection:
            now: datetime = connection.execute(_NOW).scalar_one()
        return now

    async def late_records(self) -> int:
        """Return how many late records were refused."""
        with connected(self.store) as connection:
            return connection.scalar(select(func.count()).select_from(late_records)) or 0

    async def subscribe(
        self, kept: Subscription, baseline: VisualizationJob | None = None
    ) -> Subscribed:
        """Subscribe, with the baseline if there is one."""
        return await self.store.subscriptions.subscribe(kept, baseline=baseline)

    async def observe(
        self,
        *jobs: VisualizationJob | None,
        denied: Sequence[int] = (),
        gone: Sequence[int] = (),
    ) -> tuple[StatusChange, ...]:
        """Make all watched jobs due, and record these reads: jobs that were read, that the cloud
        denied, and that it denied while a list also lacks them (`gone`)."""
        await self.make_due()
        due = await self.store.watchlist.claim_due(P1, limit=1000)
        reads: dict[int, VisualizationJob | None] = {one.id: one for one in jobs if one}
        reads |= dict.fromkeys((*denied, *gone))
        seen = [Observation(lease=w, job=reads[w.job_id]) for w in due.leases if w.job_id in reads]
        rest = [w for w in due.leases if w.job_id not in reads]
        await self.store.watchlist.release(rest, due_in=timedelta(0))
        if due.sweep_epoch is not None:
            await self.store.watchlist.release_sweep(due.sweep_epoch, due_in=timedelta(0))
        shown = frozenset(one.id for one in jobs if one)
        evidence = ListEvidence(project=P1, asked_at=due.claimed_at, shown=shown) if gone else None
        return await self.store.watchlist.record(seen, next_in={}, evidence=evidence)

    async def apply_evidence(
        self, *shown: int, is_complete: bool = True
    ) -> tuple[StatusChange, ...]:
        """Record a list, requested now, that shows these jobs."""
        ids = frozenset(map(JobId, shown))
        now = await self.now()
        evidence = ListEvidence(project=P1, asked_at=now, shown=ids, is_complete=is_complete)
        return await self.store.watchlist.record([], next_in={}, evidence=evidence)

    async def sweep(self, *jobs: VisualizationJob) -> tuple[StatusChange, ...]:
        """Make the list due, and record it."""
        await self.make_due()
        due = await self.store.watchlist.claim_due(P1, limit=1000)
        assert due.sweep_epoch is not None
        await self.store.watchlist.release(due.leases, due_in=timedelta(0))
        return await self.store.watchlist.record([], next_in={}, sweep=Sweep(due.sweep_epoch, jobs))

    async def make_due(self) -> None:
        """Make every watched job and list due, whatever the time."""
        with connected(self.store) as connection:
            for table in (watched_job, project):
                connection.execute(
                    update(table)
                    .where(table.c.next_at.is_not(None))
                    .values(next_at=datetime(2020, 1, 1, tzinfo=UTC), lease_until=None)
                )
            connection.execute(delete(watch_lease))

    async def claim(self, limit: int = 20) -> tuple[Delivery, ...]:
        """Claim the deliveries that are due."""
        return await self.store.outbox.claim(P1, limit=limit)

    async def send(self, delivery: Delivery) -> MessageRef:
        """Record a delivery as posted, as the courier does."""
        self._sent += 1
        message = MessageRef(channel_id=delivery.place.channel_id, ts=f"1772366400.{self._sent:06}")
        assert await self.store.outbox.intend(delivery)
        assert await self.store.outbox.record_sent(delivery, message)
        return message

    async def send_all(self) -> list[Delivery]:
        """Post until nothing is due; return what was posted, in order."""
        sent: list[Delivery] = []
        while due := await self.claim():
            for delivery in due:
                await self.send(delivery)
                sent.append(delivery)
        return sent


def card_above(delivery: Delivery) -> MessageRef | None:
    """Return the card in whose thread a delivery is posted; None for a card."""
    return delivery.card if isinstance(delivery, Notice) else None


def steps(deliveries: Sequence[Delivery]) -> list[tuple[int, int]]:
    """Return the steps (from, to) of the changes that these deliveries report, in order."""
    told = [one for one in deliveries if not isinstance(one, CardDelivery)]
    return [(change.step.before, change.step.after) for one in told for change in one.changes]
