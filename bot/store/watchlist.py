"""Lease, record and release watched jobs and sweeps: the Watchlist port over SQL."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, update

from bot.core.absence import ListEvidence
from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Due, Lease, Observation, Sweep
from bot.core.project import Project
from bot.store.audience.notifying import pending_jobs
from bot.store.audience.subscribers import end_overdue
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.watching import source
from bot.store.watching.claim_check import look
from bot.store.watching.confirm_unchanged import confirm_free
from bot.store.watching.leasing import finish, lease_due
from bot.store.watching.projects import NEXT_EPOCH
from bot.store.watching.recording import apply_evidence, record_observations
from bot.store.watching.staleness import doubt, mark_overdue
from bot.store.watching.sweeping import record_sweep

# One change can have ten thousand recipients, and a tick that gave up would meet it again.
_RECORD_DEADLINE = timedelta(seconds=20)


def _claim_due(
    transaction: Transaction, project: Project, *, limit: int, within: timedelta = timedelta()
) -> Due:
    seen = look(transaction, project, within=within)
    now = transaction.now
    if seen.is_frozen:
        return Due(project=project, leases=(), sweep_epoch=None, known_jobs=0, claimed_at=now)
    if seen.has_overdue_subscriptions:
        end_overdue(transaction, project)
    if seen.has_stale_cards:
        mark_overdue(transaction, project)
    return Due(
        project=project,
        leases=lease_due(transaction, project, limit=limit, within=within),
        sweep_epoch=_lease_sweep(transaction, project, within) if seen.is_sweep_due else None,
        known_jobs=seen.known_jobs,
        claimed_at=now,
        is_swept=bool(seen.is_swept),
    )


def _lease_sweep(transaction: Transaction, project: Project, within: timedelta) -> int | None:
    c = tables.project.c
    is_free = or_(c.lease_until.is_(None), c.lease_until <= transaction.now)
    due = (
        select(c.project_id)
        .where(
            of_project(tables.project, project),
            and_(c.next_at <= transaction.now + within, is_free),
        )
        .with_for_update(skip_locked=True)
    )
    if transaction.connection.scalar(due) is None:
        return None
    epoch: int | None = transaction.connection.scalar(
        update(tables.project)
        .where(of_project(tables.project, project))
        .values(
            sweep_epoch=NEXT_EPOCH,
            sweep_claimed_at=transaction.now,
            lease_until=transaction.now + transaction.timing.lease,
        )
        .returning(c.sweep_epoch)
    )
    return epoch


def _record(
    transaction: Transaction,
    observations: Sequence[Observation],
    *,
    next_in: Mapping[JobId, timedelta],
    sweep: Sweep | None = None,
    evidence: ListEvidence | None = None,
    is_careful: bool = False,
) -> tuple[StatusChange, ...]:
    changes = record_observations(transaction, observations, next_in=next_in)
    if sweep is not None:
        changes += record_sweep(transaction, sweep, next_in=next_in, is_careful=is_careful)
    if evidence is not None:
        changes += apply_evidence(transaction, evidence)
    return changes


def _confirm(
    transaction: Transaction,
    project: Project,
    jobs: Sequence[VisualizationJob],
    *,
    due_in: timedelta,
    within: timedelta = timedelta(),
) -> None:
    # Only recorded reads activate a pending subscription: leave out the jobs that one waits for.
    awaited = pending_jobs(transaction, project)
    same = (job for job in jobs if job.id not in awaited)
    confirm_free(transaction, project, same, due_in=due_in, within=within)


def _count_due(
    transaction: Transaction, project: Project, *, within: timedelta = timedelta()
) -> int:
    until = transaction.now + within
    query = select(func.count()).where(
        of_project(tables.watched_job, project), tables.watched_job.c.next_at <= until
    )
    return transaction.connection.scalar(query) or 0


def _release(
    transaction: Transaction,
    leases: Sequence[Lease],
    *,
    due_in: timedelta,
    has_failed: bool = False,
) -> None:
    if not leases:
        return
    due_at = literal(transaction.now + due_in, UtcTime())
    ranges = finish(transaction, leases)
    held = [lease for lease in leases if lease.range_id in ranges]
    if held and has_failed:
        doubt(transaction, held)
    c = tables.watched_job.c
    again = (
        update(tables.watched_job)
        .where(
            of_project(tables.watched_job, leases[0].project),
            c.job_id == bindparam("held_job"),
            c.epoch == bindparam("held_epoch"),
        )
        # A row without next_at has no subscription any more.
        .values(epoch=c.epoch + 1, next_at=case((c.next_at.is_not(None), due_at)))
    )
    rows = [{"held_job": lease.job_id, "held_epoch": lease.epoch} for lease in held]
    if rows:
        transaction.connection.execute(again, rows)


def _release_sweep(transaction: Transaction, sweep_epoch: int, *, due_in: timedelta) -> None:
    transaction.connection.execute(
        update(tables.project)
        .where(tables.project.c.sweep_epoch == sweep_epoch)
        .values(sweep_epoch=NEXT_EPOCH, lease_until=None, next_at=transaction.now + due_in)
    )


class SqlWatchlist(SqlPort):
    """The Watchlist port over SQL; bot.core.absence says when a job counts as deleted."""

    claim_due = writing(_claim_due)
    record = writing(_record, deadline=_RECORD_DEADLINE)
    confirm = writing(_confirm, deadline=_RECORD_DEADLINE)
    count_due = reading(_count_due)
    release = writing(_release)
    release_sweep = writing(_release_sweep)
    note_source = writing(source.note)
