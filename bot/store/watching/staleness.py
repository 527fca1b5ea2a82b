"""Mark cards as unconfirmed after too long without a good read; the next good read clears them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, case, func, null, or_, select, true, update

from bot.core.job import ENDED_STATUSES, JobId
from bot.core.ports.store import Lease
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.delivering.enqueue import refresh_cards

#: After how many poll intervals without a good read a card says that it is unconfirmed.
_INTERVALS = 3
_DOUBT = (
    update(tables.watched_job)
    .where(
        tables.watched_job.c.team_id == bindparam("at_team"),
        tables.watched_job.c.project_id == bindparam("at_project"),
        tables.watched_job.c.job_id == bindparam("at_job"),
        tables.watched_job.c.epoch == bindparam("held_epoch"),
    )
    .values(
        stale_at=case(
            (tables.watched_job.c.stale_since.is_not(None), null()),
            else_=func.coalesce(
                tables.watched_job.c.stale_at,
                bindparam("from_then", type_=UtcTime),
                type_=UtcTime,
            ),
        )
    )
)

#: The values after a good read, or once the job is gone.
CONFIRMED: Mapping[str, None] = {"stale_at": None, "stale_since": None}


def doubt(transaction: Transaction, failed: Sequence[Lease]) -> None:
    """Record that these reads failed, and from when on the cards of their jobs are unconfirmed.

    Exempt are jobs that have ended, which are read rarely anyway and whose clock has stopped, and
    jobs that were never read, which have no card yet.
    """
    project = failed[0].project
    held = {lease.job_id: lease.epoch for lease in failed}
    c = tables.watched_job.c
    query = select(c.job_id, c.epoch, c.recorded_at).where(
        of_project(tables.watched_job, project),
        among(c.job_id, held),
        c.recorded_at.is_not(None),
        c.status.not_in(ENDED_STATUSES),
    )
    rows = [
        {
            "at_team": project.team_id,
            "at_project": project.project_id,
            "at_job": row.job_id,
            "held_epoch": row.epoch,
            "from_then": row.recorded_at + _INTERVALS * transaction.timing.interval,
        }
        for row in transaction.connection.execute(query)
        if row.epoch == held[row.job_id]
    ]
    if rows:
        transaction.connection.execute(_DOUBT, rows)


def mark_overdue(transaction: Transaction, project: Project) -> None:
    """Mark the cards whose time has come; the first replica that checks marks them for all."""
    _mark(transaction, project, tables.watched_job.c.stale_at <= transaction.now)


def mark_all(transaction: Transaction, project: Project) -> None:
    """Mark the cards of all polled jobs, even of jobs that are due later: the cloud is lost."""
    is_unmarked = and_(
        tables.watched_job.c.next_at.is_not(None),
        tables.watched_job.c.recorded_at.is_not(None),
        tables.watched_job.c.stale_since.is_(None),
    )
    _mark(transaction, project, is_unmarked)


def read_soon(transaction: Transaction, project: Project) -> None:
    """Make the jobs that wait for a good read due at once, and the full list: the cloud is back.

    A job that was not in doubt, such as an ended one, waits if its last read is 3 intervals old.
    """
    c, now = tables.watched_job.c, transaction.now
    is_waiting = or_(
        c.stale_since.is_not(None),
        c.stale_at.is_not(None),
        c.recorded_at.is_(None),
        c.recorded_at <= now - _INTERVALS * transaction.timing.interval,
    )
    for table, which in ((tables.watched_job, is_waiting), (tables.project, true())):
        transaction.connection.execute(
            update(table)
            .where(of_project(table, project), table.c.next_at > now, which)
            .values(next_at=now)
        )


def _mark(transaction: Transaction, project: Project, which: ColumnElement[bool]) -> None:
    at = of_project(tables.watched_job, project)
    marked = transaction.connection.execute(
        update(tables.watched_job)
        .where(at, which)
        .values(stale_at=None, stale_since=transaction.now)
        .returning(tables.watched_job.c.job_id)
    )
    job_ids = [JobId(job_id) for job_id in marked.scalars()]
    if job_ids:
        refresh_cards(transaction, project, job_ids)
