"""Which jobs are watched, as last observed: the Watchlist port over SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from bot.core.job import JobId, VisualizationJob
from bot.core.ports import Due, Observation
from bot.core.watch import StatusChange, WatchedJob
from bot.store.database import Database, Transaction
from bot.store.listeners import end_overdue
from bot.store.many import Many, among
from bot.store.pushing import push_free
from bot.store.recording import record_observations
from bot.store.rows import LEASED, watched_of
from bot.store.source import note
from bot.store.staleness import doubt, mark_overdue
from bot.store.sweeping import NEXT_EPOCH, record_sweep
from bot.store.tables import project, watched_job
from bot.store.telling import pending_jobs
from bot.store.workspaces import is_frozen

# One change can be told in ten thousand places; a tick that gave up would meet it again.
_RECORD_DEADLINE = timedelta(seconds=20)
_LONGEST_APART = timedelta(seconds=30)

_RELEASE = (
    "UPDATE watched_job SET epoch = watched_job.epoch + 1, lease_until = NULL, next_at = {due_at}"
)
_HELD = (
    "watched_job.team_id = {team_id} AND watched_job.project_id = {project_id}"
    " AND watched_job.job_id = {job_id} AND watched_job.epoch = {epoch}"
)
_RELEASE_HELD = Many(
    sqlite=f"{_RELEASE} WHERE {_HELD}",
    postgresql=f"{_RELEASE} FROM {{rows}} WHERE {_HELD}",
    shared=("team_id", "project_id", "due_at"),
    told={"job_id": "bigint", "epoch": "bigint"},
)


class SqlWatchlist:
    """The watched jobs of one project; every method is one transaction, raises StoreUnavailable.

    "Gone" is believed when it is said twice, 30 s apart, or one interval if that is shorter.
    """

    def __init__(
        self, database: Database, *, project_id: str, lease: timedelta, interval: timedelta
    ) -> None:
        self._database = database
        self._project_id = project_id
        self._lease = lease
        self._interval = interval

    async def claim_due(self, team_id: str, *, limit: int) -> Due:
        """Lease what is due. A lease ends by itself after the lease time, by the store's clock."""

        async def write(transaction: Transaction) -> Due:
            if await is_frozen(transaction, team_id):
                return Due(jobs=(), sweep_epoch=None, known_jobs=0)
            await end_overdue(transaction, team_id, self._project_id)
            await mark_overdue(transaction, team_id, self._project_id)
            jobs = await self._claim_jobs(transaction, team_id, limit)
            return await self._claim_sweep(transaction, team_id, jobs)

        return await self._database.write(write)

    async def record(
        self,
        observations: Sequence[Observation],
        *,
        next_in: Mapping[JobId, timedelta],
        sweep: tuple[int, Sequence[VisualizationJob]] | None = None,
        is_careful: bool = False,
    ) -> tuple[StatusChange, ...]:
        """Apply what was read, in one transaction: see the port, and record_sweep."""

        async def write(transaction: Transaction) -> tuple[StatusChange, ...]:
            changes = await record_observations(
                transaction,
                observations,
                next_in=next_in,
                apart=min(self._interval, _LONGEST_APART),
            )
            if sweep is None:
                return changes
            return changes + await record_sweep(
                transaction,
                self._project_id,
                sweep,
                next_in=next_in,
                interval=self._interval,
                is_careful=is_careful,
            )

        return await self._database.write(write, deadline=_RECORD_DEADLINE)

    async def confirm(
        self, team_id: str, jobs: Sequence[VisualizationJob], *, due_in: timedelta
    ) -> None:
        """Push on what is due and as these reads tell, with no lease: see the port, push_free."""

        async def write(transaction: Transaction) -> None:
            # Who waits for a first read is served by the one that records.
            awaited = await pending_jobs(transaction, team_id, self._project_id)
            same = (job for job in jobs if job.id not in awaited)
            await push_free(transaction, team_id, self._project_id, same, due_in=due_in)

        await self._database.write(write, deadline=_RECORD_DEADLINE)

    async def count_due(self, team_id: str) -> int:
        """How many jobs are due, whoever has leased them."""
        c = watched_job.c
        query = select(func.count()).where(c.team_id == team_id, c.project_id == self._project_id)

        async def read(transaction: Transaction) -> int:
            return (
                await transaction.connection.scalar(query.where(c.next_at <= transaction.now)) or 0
            )

        return await self._database.read(read)

    async def release(
        self, watched: Sequence[WatchedJob], *, due_in: timedelta, has_failed: bool = False
    ) -> None:
        """Nothing was observed: give the leases back."""
        if not watched:
            return

        async def write(transaction: Transaction) -> None:
            if has_failed:
                await doubt(transaction, watched, interval=self._interval)
            shared = {
                "team_id": watched[0].team_id,
                "project_id": self._project_id,
                "due_at": transaction.now + due_in,
            }
            rows = [(held.job.id, held.epoch) for held in watched]
            await _RELEASE_HELD.run(transaction, shared, rows)

        await self._database.write(write)

    async def release_sweep(self, sweep_epoch: int, *, due_in: timedelta) -> None:
        """The list was not read: give the lease of the claimed sweep back."""

        async def write(transaction: Transaction) -> None:
            await transaction.connection.execute(
                update(project)
                .where(
                    project.c.project_id == self._project_id,
                    project.c.sweep_epoch == sweep_epoch,
                )
                .values(sweep_epoch=NEXT_EPOCH, lease_until=None, next_at=transaction.now + due_in)
            )

        await self._database.write(write)

    async def note_source(self, team_id: str, *, is_good: bool, lost_after: timedelta) -> None:
        """Keep whether the cloud can be read, of all replicas together."""

        async def write(transaction: Transaction) -> None:
            await note(
                transaction, team_id, self._project_id, is_good=is_good, lost_after=lost_after
            )

        await self._database.write(write)

    async def _claim_jobs(
        self, transaction: Transaction, team_id: str, limit: int
    ) -> tuple[WatchedJob, ...]:
        at = and_(watched_job.c.team_id == team_id, watched_job.c.project_id == self._project_id)
        due = (
            select(watched_job.c.job_id)
            .where(at, *_is_due(transaction.now))
            .order_by(watched_job.c.next_at, watched_job.c.job_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        # Two statements: PostgreSQL may look through the whole table for one with both in it.
        job_ids = (await transaction.connection.execute(due)).scalars().all()
        if not job_ids:
            return ()
        claimed = await transaction.connection.execute(
            update(watched_job)
            .where(at, among(watched_job.c.job_id, job_ids))
            .values(epoch=watched_job.c.epoch + 1, lease_until=transaction.now + self._lease)
            .returning(*_LEASED)
        )
        return tuple(watched_of(team_id, self._project_id, row) for row in claimed.all())

    async def _claim_sweep(
        self, transaction: Transaction, team_id: str, jobs: tuple[WatchedJob, ...]
    ) -> Due:
        at = and_(project.c.team_id == team_id, project.c.project_id == self._project_id)
        found = await transaction.connection.execute(
            select(project.c.known_jobs, project.c.next_at).where(at)
        )
        row = found.one_or_none()
        if row is None:
            return Due(jobs=jobs, sweep_epoch=None, known_jobs=0)
        epoch = None
        if row.next_at is not None and row.next_at <= transaction.now:
            epoch = await self._lease_sweep(transaction, at)
        return Due(jobs=jobs, sweep_epoch=epoch, known_jobs=row.known_jobs)

    async def _lease_sweep(self, transaction: Transaction, at: ColumnElement[bool]) -> int | None:
        is_free = or_(project.c.lease_until.is_(None), project.c.lease_until <= transaction.now)
        due = (
            select(project.c.project_id)
            .where(at, project.c.next_at <= transaction.now, is_free)
            .with_for_update(skip_locked=True)
        )
        if await transaction.connection.scalar(due) is None:
            return None
        epoch: int | None = await transaction.connection.scalar(
            update(project)
            .where(at)
            .values(
                sweep_epoch=NEXT_EPOCH,
                sweep_claimed_at=transaction.now,
                lease_until=transaction.now + self._lease,
            )
            .returning(project.c.sweep_epoch)
        )
        return epoch


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    c = watched_job.c
    return c.next_at <= now, or_(c.lease_until.is_(None), c.lease_until <= now)


# A row that was never read counts as read when it was first due.
_LEASED = [
    func.coalesce(watched_job.c.read_at, watched_job.c.next_at).label(name)
    if name == "read_at"
    else watched_job.c[name]
    for name in LEASED
]
