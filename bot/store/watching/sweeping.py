"""The whole list of a project: its baseline, and the jobs that were not there before."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import RowMapping, bindparam, func, literal, select, text, update
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Sweep
from bot.core.subscription import Subscription, SubscriptionState
from bot.store.audience.subscribers import stop_unwanted, sweeping_subscriptions
from bot.store.database.bulk import among
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.database.tables import project, subscription, watched_job
from bot.store.watching.advance import advance
from bot.store.watching.pushing import SOON
from bot.store.watching.recording import apply, lock
from bot.store.watching.writing import add_unread

_log = structlog.get_logger(__name__)

# A sweep is named by its epoch alone.
NEXT_EPOCH = select(func.coalesce(func.max(project.c.sweep_epoch), 0) + 1).scalar_subquery()

_ADD_PROJECT = text(
    "INSERT INTO project (team_id, project_id, sweep_epoch, next_at, known_jobs)"
    " SELECT :team_id, :project_id, coalesce(max(sweep_epoch), 0) + 1, :next_at, 0 FROM project"
    " WHERE true ON CONFLICT (team_id, project_id) DO NOTHING"
).bindparams(bindparam("next_at", type_=project.c.next_at.type))


async def add_project(transaction: Transaction, team_id: str, project_id: str) -> None:
    """Make the project's row, with no sweep due; one that is there stays."""
    await transaction.connection.execute(
        _ADD_PROJECT, {"team_id": team_id, "project_id": project_id, "next_at": None}
    )


async def order_sweep(transaction: Transaction, wish: Subscription) -> None:
    """Let the whole list be due; a list that is being read already is too old to be a baseline."""
    team_id, project_id = wish.place.team_id, wish.project_id
    await add_project(transaction, team_id, project_id)
    values: Row = {"next_at": func.coalesce(project.c.next_at, literal(transaction.now, UtcTime()))}
    if wish.state is SubscriptionState.PENDING:
        values = {"next_at": transaction.now, "lease_until": None, "sweep_epoch": NEXT_EPOCH}
    await transaction.connection.execute(
        update(project)
        .where(project.c.team_id == team_id, project.c.project_id == project_id)
        .values(**values)
    )


async def record_sweep(
    transaction: Transaction,
    project_id: str,
    sweep: Sweep,
    *,
    next_in: Mapping[JobId, timedelta],
    interval: timedelta,
    is_careful: bool = False,
) -> tuple[StatusChange, ...]:
    """Apply a whole list if its lease still holds; `is_careful` leaves out what breaks it.

    0. What cannot be read of the first list is no news either, once it can be.
    1. What differs and was not read since the list was asked for is a change.
    2. What was not there before is news, but for the first list, which is the baseline.
    3. Those who waited for a list have theirs.
    """
    held = (
        select(project)
        .where(project.c.project_id == project_id, project.c.sweep_epoch == sweep.epoch)
        .with_for_update()
    )
    row = (await transaction.connection.execute(held)).mappings().one_or_none()
    if row is None:
        return ()
    listed = {job.id: job for job in sweep.jobs}
    wishes = await sweeping_subscriptions(transaction, row["team_id"], project_id)
    pace = _Pace(next_in=next_in, soon=min(interval, SOON))
    if not _is_news(wishes):
        await _add_odd(transaction, row["team_id"], project_id, sweep.odd)
    changes = await _apply_list(transaction, row, listed, wishes, pace, is_careful)
    await _activate(transaction, row["team_id"], project_id)
    await transaction.connection.execute(
        update(project)
        .where(project.c.team_id == row["team_id"], project.c.project_id == project_id)
        .values(
            sweep_epoch=NEXT_EPOCH,
            lease_until=None,
            next_at=transaction.now + interval if wishes else None,
            known_jobs=len(sweep.jobs) + len(sweep.odd),
        )
    )
    return changes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pace:
    """When a job is due again: as was said, or soon, for what nobody read by itself."""

    next_in: Mapping[JobId, timedelta]
    soon: timedelta


async def _apply_list(
    transaction: Transaction,
    row: RowMapping,
    listed: Mapping[JobId, VisualizationJob],
    wishes: Sequence[Subscription],
    pace: _Pace,
    is_careful: bool,
) -> tuple[StatusChange, ...]:
    team_id, project_id = row["team_id"], row["project_id"]
    known = await _known(transaction, team_id, project_id)
    new = [job_id for job_id in listed if job_id not in known]
    moved = [
        job_id
        for job_id, job in listed.items()
        if job_id in known and _has_moved(known[job_id], job, row)
    ]
    if new:
        await add_unread(transaction, team_id, project_id, *new)
    await _ask_for_missing(transaction, team_id, project_id, listed, known)
    is_news = _is_news(wishes)
    rows = await lock(transaction, team_id, project_id, [*new, *moved])
    steps = partial(_step, transaction, listed=listed, is_news=is_news, pace=pace)
    changes = await (_by_halves(transaction, rows, steps) if is_careful else steps(rows))
    if not is_news or any(wish.state is SubscriptionState.PENDING for wish in wishes):
        await _poll_all(transaction, team_id, project_id, listed)
        await stop_unwanted(transaction, team_id, project_id, list(listed))
    elif first := [*new, *(job_id for job_id in moved if known[job_id]["status"] is None)]:
        await stop_unwanted(transaction, team_id, project_id, first)
    return changes


def _is_news(wishes: Sequence[Subscription]) -> bool:
    """True if somebody has a baseline already."""
    return any(wish.state is SubscriptionState.ACTIVE for wish in wishes)


async def _add_odd(
    transaction: Transaction, team_id: str, project_id: str, odd: Collection[JobId]
) -> None:
    known = await _known(transaction, team_id, project_id) if odd else {}
    if new := [job_id for job_id in odd if job_id not in known]:
        await add_unread(transaction, team_id, project_id, *new)
        await transaction.connection.execute(
            update(watched_job)
            .where(
                watched_job.c.team_id == team_id,
                watched_job.c.project_id == project_id,
                among(watched_job.c.job_id, new),
            )
            .values(is_rebased=True)
        )


async def _step(
    transaction: Transaction,
    rows: Sequence[RowMapping],
    *,
    listed: Mapping[JobId, VisualizationJob],
    is_news: bool,
    pace: _Pace,
) -> tuple[StatusChange, ...]:
    now = transaction.now
    steps = [
        (
            one,
            advance(
                one,
                listed[one["job_id"]],
                now=now,
                is_news=is_news and not one["is_rebased"],
            ),
        )
        for one in rows
    ]
    ids = [JobId(one["job_id"]) for one in rows]
    next_in = {job_id: pace.next_in.get(job_id, pace.soon) for job_id in ids}
    return await apply(transaction, steps, next_in=next_in)


async def _by_halves(
    transaction: Transaction,
    rows: Sequence[RowMapping],
    step: Callable[[Sequence[RowMapping]], Awaitable[tuple[StatusChange, ...]]],
) -> tuple[StatusChange, ...]:
    """Step with all but those rows with which it does not go; each of these alone is logged."""
    try:
        async with transaction.connection.begin_nested():
            return await step(rows)
    except (OperationalError, InterfaceError, InternalError):
        raise  # it is the database that breaks
    except Exception:  # noqa: BLE001 - our bug with one job must not stop the others
        if len(rows) < 2:
            _log.exception("job_failed", job=rows[0]["job_id"] if rows else None)
            return ()
    half = len(rows) // 2
    first = await _by_halves(transaction, rows[:half], step)
    return first + await _by_halves(transaction, rows[half:], step)


async def _known(
    transaction: Transaction, team_id: str, project_id: str
) -> dict[JobId, RowMapping]:
    c = watched_job.c
    columns = (
        *(c.status, c.is_gone, c.is_rebased, c.recorded_at),
        *(c.ended_at, c.next_at, c.stale_at, c.stale_since),
    )
    query = select(c.job_id, *columns).where(c.team_id == team_id, c.project_id == project_id)
    rows = (await transaction.connection.execute(query)).mappings()
    return {JobId(row["job_id"]): row for row in rows}


async def _ask_for_missing(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    listed: Collection[JobId],
    known: Mapping[JobId, RowMapping],
) -> None:
    """What has ended is read rarely by itself; one that the list does not show is read now."""
    missing = [
        job_id
        for job_id, row in known.items()
        if job_id not in listed
        and row["ended_at"]
        and row["next_at"]
        and not row["is_gone"]
        # While it cannot be read, it has a pause of its own.
        and row["stale_at"] is None
        and row["stale_since"] is None
    ]
    if missing:
        await transaction.connection.execute(
            update(watched_job)
            .where(
                watched_job.c.team_id == team_id,
                watched_job.c.project_id == project_id,
                among(watched_job.c.job_id, missing),
            )
            .values(next_at=transaction.now)
        )


def _has_moved(known: RowMapping, job: VisualizationJob, sweep: RowMapping) -> bool:
    if known["status"] is None:
        # It could not be read in the first list.
        return bool(known["is_rebased"])
    if known["recorded_at"] > sweep["sweep_claimed_at"]:
        return False
    return bool(known["is_gone"]) or known["status"] != job.status


async def _poll_all(
    transaction: Transaction, team_id: str, project_id: str, listed: Mapping[JobId, object]
) -> None:
    await transaction.connection.execute(
        update(watched_job)
        .where(
            watched_job.c.team_id == team_id,
            watched_job.c.project_id == project_id,
            among(watched_job.c.job_id, listed),
            watched_job.c.next_at.is_(None),
            watched_job.c.is_gone.is_(False),
        )
        .values(next_at=transaction.now)
    )


async def _activate(transaction: Transaction, team_id: str, project_id: str) -> None:
    await transaction.connection.execute(
        update(subscription)
        .where(
            subscription.c.team_id == team_id,
            subscription.c.project_id == project_id,
            subscription.c.state == "pending",
            subscription.c.target_kind != "job",
        )
        .values(state="active")
    )
