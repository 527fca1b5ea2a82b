"""Which jobs are watched, as last observed: the Watchlist port over SQL."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update

from bot.core.absence import RollCall
from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Due, Lease, Observation, Sweep
from bot.store.audience.subscribers import end_overdue
from bot.store.audience.telling import pending_jobs
from bot.store.database.bulk import BulkStatement
from bot.store.database.database import Database, Transaction
from bot.store.database.tables import project, watched_job
from bot.store.watching.leasing import finish, lease_due
from bot.store.watching.looking import look
from bot.store.watching.pushing import push_free
from bot.store.watching.recording import call_roll, record_observations
from bot.store.watching.source import note
from bot.store.watching.staleness import doubt, mark_overdue
from bot.store.watching.sweeping import NEXT_EPOCH, record_sweep

# One change can be told in ten thousand places; a tick that gave up would meet it again.
_RECORD_DEADLINE = timedelta(seconds=20)

_RELEASE = (
    "UPDATE watched_job SET epoch = watched_job.epoch + 1,"
    # Nobody wishes to hear of it any more.
    " next_at = CASE WHEN watched_job.next_at IS NOT NULL THEN {due_at} END"
)
_HELD = (
    "watched_job.team_id = {team_id} AND watched_job.project_id = {project_id}"
    " AND watched_job.job_id = {job_id} AND watched_job.epoch = {epoch}"
)
_RELEASE_HELD = BulkStatement(
    sqlite=f"{_RELEASE} WHERE {_HELD}",
    postgresql=f"{_RELEASE} FROM {{rows}} WHERE {_HELD}",
    shared=("team_id", "project_id", "due_at"),
    told={"job_id": "bigint", "epoch": "bigint"},
)


class SqlWatchlist:
    """The watched jobs of one project; every method is one transaction, raises StoreUnavailable."""

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
            seen = await look(transaction, team_id, self._project_id)
            if seen.is_frozen:
                return Due(
                    team_id=team_id,
                    leases=(),
                    sweep_epoch=None,
                    known_jobs=0,
                    claimed_at=transaction.now,
                )
            if seen.has_overdue_wishes:
                await end_overdue(transaction, team_id, self._project_id)
            if seen.has_stale_cards:
                await mark_overdue(transaction, team_id, self._project_id)
            leases = await lease_due(
                transaction, team_id, self._project_id, limit=limit, lease=self._lease
            )
            epoch = await self._lease_sweep(transaction, team_id) if seen.is_sweep_due else None
            return Due(
                team_id=team_id,
                leases=leases,
                sweep_epoch=epoch,
                known_jobs=seen.known_jobs,
                claimed_at=transaction.now,
                is_swept=bool(seen.is_swept),
            )

        return await self._database.write(write)

    async def record(
        self,
        observations: Sequence[Observation],
        *,
        next_in: Mapping[JobId, timedelta],
        sweep: Sweep | None = None,
        roll: RollCall | None = None,
        is_careful: bool = False,
    ) -> tuple[StatusChange, ...]:
        """Apply what was read, in one transaction: see the port, and record_sweep."""

        async def write(transaction: Transaction) -> tuple[StatusChange, ...]:
            changes = await record_observations(
                transaction,
                self._project_id,
                observations,
                next_in=next_in,
                interval=self._interval,
            )
            if sweep is not None:
                changes += await record_sweep(
                    transaction,
                    self._project_id,
                    sweep,
                    next_in=next_in,
                    interval=self._interval,
                    is_careful=is_careful,
                )
            if roll is not None:
                changes += await call_roll(
                    transaction, self._project_id, roll, interval=self._interval
                )
            return changes

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
        self, leases: Sequence[Lease], *, due_in: timedelta, has_failed: bool = False
    ) -> None:
        """Nothing was observed: give the leases back."""
        if not leases:
            return
        team_id = leases[0].team_id

        async def write(transaction: Transaction) -> None:
            stretches = await finish(transaction, leases)
            held = [lease for lease in leases if lease.stretch in stretches]
            if held and has_failed:
                await doubt(transaction, self._project_id, held, interval=self._interval)
            shared = {
                "team_id": team_id,
                "project_id": self._project_id,
                "due_at": transaction.now + due_in,
            }
            rows = [(lease.job_id, lease.epoch) for lease in held]
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

    async def note_source(
        self, team_id: str, *, is_good: bool, lost_after: timedelta, is_missing: bool = False
    ) -> None:
        """Keep whether the cloud can be read, of all replicas together."""

        async def write(transaction: Transaction) -> None:
            await note(
                transaction,
                team_id,
                self._project_id,
                is_good=is_good,
                is_missing=is_missing,
                lost_after=lost_after,
            )

        await self._database.write(write)

    async def _lease_sweep(self, transaction: Transaction, team_id: str) -> int | None:
        at = and_(project.c.team_id == team_id, project.c.project_id == self._project_id)
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
