"""Cards that no good read confirms: marked once when it has been too long, freed by a good read."""

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

#: A card says so after so many poll intervals without a good read.
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

#: What a good read, or the job's end, leaves of it.
CONFIRMED: Mapping[str, None] = {"stale_at": None, "stale_since": None}


def doubt(transaction: Transaction, failed: Sequence[Lease]) -> None:
    """These could not be read: keep from when on their cards say so.

    A job that ended is read rarely anyway, and its clock stands; one that was never read has no
    card yet.
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
    """Let the cards say so whose time has come; whichever replica asks first does it."""
    _mark(transaction, project, tables.watched_job.c.stale_at <= transaction.now)


def mark_all(transaction: Transaction, project: Project) -> None:
    """The source is lost: so are the jobs that were to be read later."""
    is_unmarked = and_(
        tables.watched_job.c.next_at.is_not(None),
        tables.watched_job.c.recorded_at.is_not(None),
        tables.watched_job.c.stale_since.is_(None),
    )
    _mark(transaction, project, is_unmarked)


def read_soon(transaction: Transaction, project: Project) -> None:
    """The source is back: what waits for a good read is due, and the list with it.

    What has ended is not in doubt: it waits if it was not read for longer than it is left alone.
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
