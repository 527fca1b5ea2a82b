"""Cards that no good read confirms: marked once when it has been too long, freed by a good read."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, func, null, select, update

from bot.core.job import ENDED_STATUSES, JobId
from bot.core.ports.store import Lease
from bot.store.database.bulk import among
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.tables import watched_job
from bot.store.delivering.ordering import refresh_cards

#: A card says so after so many poll intervals without a good read.
_INTERVALS = 3
_DOUBT = (
    update(watched_job)
    .where(
        watched_job.c.team_id == bindparam("at_team"),
        watched_job.c.project_id == bindparam("at_project"),
        watched_job.c.job_id == bindparam("at_job"),
        watched_job.c.epoch == bindparam("held_epoch"),
    )
    .values(
        stale_at=case(
            (watched_job.c.stale_since.is_not(None), null()),
            else_=func.coalesce(
                watched_job.c.stale_at, bindparam("from_then", type_=UtcTime), type_=UtcTime
            ),
        )
    )
)

#: What a good read, or the job's end, leaves of it.
CONFIRMED: Mapping[str, None] = {"stale_at": None, "stale_since": None}


async def doubt(
    transaction: Transaction, project_id: str, failed: Sequence[Lease], *, interval: timedelta
) -> None:
    """These could not be read: keep from when on their cards say so.

    A job that ended is read rarely anyway, and its clock stands; one that was never read has no
    card yet.
    """
    team_id = failed[0].team_id
    held = {lease.job_id: lease.epoch for lease in failed}
    c = watched_job.c
    query = select(c.job_id, c.epoch, c.recorded_at).where(
        c.team_id == team_id,
        c.project_id == project_id,
        among(c.job_id, held),
        c.recorded_at.is_not(None),
        c.status.not_in(ENDED_STATUSES),
    )
    rows = [
        {
            "at_team": team_id,
            "at_project": project_id,
            "at_job": row.job_id,
            "held_epoch": row.epoch,
            "from_then": row.recorded_at + _INTERVALS * interval,
        }
        for row in await transaction.connection.execute(query)
        if row.epoch == held[row.job_id]
    ]
    if rows:
        await transaction.connection.execute(_DOUBT, rows)


async def mark_overdue(transaction: Transaction, team_id: str, project_id: str) -> None:
    """Let the cards say so whose time has come; whichever replica asks first does it."""
    await _mark(transaction, team_id, project_id, watched_job.c.stale_at <= transaction.now)


async def mark_all(transaction: Transaction, team_id: str, project_id: str) -> None:
    """The source is lost: so are the jobs that were to be read later."""
    is_unmarked = and_(
        watched_job.c.next_at.is_not(None),
        watched_job.c.recorded_at.is_not(None),
        watched_job.c.stale_since.is_(None),
    )
    await _mark(transaction, team_id, project_id, is_unmarked)


async def read_soon(transaction: Transaction, team_id: str, project_id: str) -> None:
    """The source is back: confirm all at once what was in doubt."""
    await transaction.connection.execute(
        update(watched_job)
        .where(
            watched_job.c.team_id == team_id,
            watched_job.c.project_id == project_id,
            watched_job.c.stale_since.is_not(None),
            watched_job.c.next_at.is_not(None),
        )
        .values(next_at=transaction.now)
    )


async def _mark(
    transaction: Transaction, team_id: str, project_id: str, which: ColumnElement[bool]
) -> None:
    at = and_(watched_job.c.team_id == team_id, watched_job.c.project_id == project_id)
    marked = await transaction.connection.execute(
        update(watched_job)
        .where(at, which)
        .values(stale_at=None, stale_since=transaction.now)
        .returning(watched_job.c.job_id)
    )
    job_ids = [JobId(job_id) for job_id in marked.scalars()]
    if job_ids:
        await refresh_cards(transaction, team_id, project_id, job_ids)
