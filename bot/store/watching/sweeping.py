"""Apply the full list of a project: its baseline, and the jobs that are new since then."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import RowMapping, select, update
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from bot.core.advance import advance
from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Sweep
from bot.core.project import Project
from bot.core.subscription import Subscription, SubscriptionState
from bot.store.audience.subscribers import stop_unwanted, sweeping_subscriptions
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import project_of, watched_of
from bot.store.watching.confirm_unchanged import SOON
from bot.store.watching.projects import NEXT_EPOCH
from bot.store.watching.recording import apply, lock
from bot.store.watching.writing import add_unread

_log = structlog.get_logger(__name__)


def record_sweep(
    transaction: Transaction,
    sweep: Sweep,
    *,
    next_in: Mapping[JobId, timedelta],
    is_careful: bool = False,
) -> tuple[StatusChange, ...]:
    """Apply a full list if its lease still holds; `is_careful` skips the jobs that fail.

    0. Jobs of the first list whose rows cannot be read are part of the baseline, too.
    1. A job that differs, and was not recorded since the list was claimed, has changed.
    2. A job that was not there before is news, unless this list is the baseline.
    3. Subscriptions that waited for a list become active.
    """
    held = (
        select(tables.project).where(tables.project.c.sweep_epoch == sweep.epoch).with_for_update()
    )
    row = transaction.connection.execute(held).mappings().one_or_none()
    if row is None:
        return ()
    project, interval = project_of(row), transaction.timing.interval
    listed = {job.id: job for job in sweep.jobs}
    subscriptions = sweeping_subscriptions(transaction, project)
    pace = _Pace(next_in=next_in, soon=min(interval, SOON))
    if not _is_news(subscriptions):
        _add_odd(transaction, project, sweep.odd)
    changes = _apply_list(transaction, row, listed, subscriptions, pace, is_careful)
    _activate(transaction, project)
    transaction.connection.execute(
        update(tables.project)
        .where(of_project(tables.project, project))
        .values(
            sweep_epoch=NEXT_EPOCH,
            lease_until=None,
            next_at=transaction.now + interval if subscriptions else None,
            known_jobs=len(sweep.jobs) + len(sweep.odd),
        )
    )
    return changes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pace:
    """When a job is due again: after its time in `next_in`, or `soon` if it has none there."""

    next_in: Mapping[JobId, timedelta]
    soon: timedelta


def _apply_list(
    transaction: Transaction,
    row: RowMapping,
    listed: Mapping[JobId, VisualizationJob],
    subscriptions: Sequence[Subscription],
    pace: _Pace,
    is_careful: bool,
) -> tuple[StatusChange, ...]:
    project = project_of(row)
    known = _known(transaction, project)
    new = [job_id for job_id in listed if job_id not in known]
    moved = [
        job_id
        for job_id, job in listed.items()
        if job_id in known and _has_moved(known[job_id], job, row)
    ]
    if new:
        add_unread(transaction, project, *new)
    _ask_for_missing(transaction, project, listed, known)
    is_news = _is_news(subscriptions)
    rows = lock(transaction, project, [*new, *moved])
    steps = partial(_step, transaction, listed=listed, is_news=is_news, pace=pace)
    changes = _by_halves(transaction, rows, steps) if is_careful else steps(rows)
    if not is_news or any(one.state is SubscriptionState.PENDING for one in subscriptions):
        _poll_all(transaction, project, listed)
        stop_unwanted(transaction, project, list(listed))
    elif first := [*new, *(job_id for job_id in moved if known[job_id]["status"] is None)]:
        stop_unwanted(transaction, project, first)
    return changes


def _is_news(subscriptions: Sequence[Subscription]) -> bool:
    """True if some subscription has its baseline already, so that a new job is news to it."""
    return any(one.state is SubscriptionState.ACTIVE for one in subscriptions)


def _add_odd(transaction: Transaction, project: Project, odd: Collection[JobId]) -> None:
    known = _known(transaction, project) if odd else {}
    if new := [job_id for job_id in odd if job_id not in known]:
        add_unread(transaction, project, *new)
        transaction.connection.execute(
            update(tables.watched_job)
            .where(of_project(tables.watched_job, project), among(tables.watched_job.c.job_id, new))
            .values(is_rebased=True)
        )


def _step(
    transaction: Transaction,
    rows: Sequence[RowMapping],
    *,
    listed: Mapping[JobId, VisualizationJob],
    is_news: bool,
    pace: _Pace,
) -> tuple[StatusChange, ...]:
    steps = [
        (
            row,
            advance(
                watched_of(row),
                listed[row["job_id"]],
                now=transaction.now,
                is_news=is_news and not row["is_rebased"],
            ),
        )
        for row in rows
    ]
    ids = [JobId(one["job_id"]) for one in rows]
    next_in = {job_id: pace.next_in.get(job_id, pace.soon) for job_id in ids}
    return apply(transaction, steps, next_in=next_in)


def _by_halves(
    transaction: Transaction,
    rows: Sequence[RowMapping],
    step: Callable[[Sequence[RowMapping]], tuple[StatusChange, ...]],
) -> tuple[StatusChange, ...]:
    """Apply the rows, and halve them on an error until each row that fails is found and logged."""
    try:
        with transaction.connection.begin_nested():
            return step(rows)
    except (OperationalError, InterfaceError, InternalError):
        raise  # the database failed, no job did
    except Exception:  # noqa: BLE001 - our bug with one job must not stop the others
        if len(rows) < 2:
            _log.exception("job_failed", job=rows[0]["job_id"] if rows else None)
            return ()
    half = len(rows) // 2
    first = _by_halves(transaction, rows[:half], step)
    return first + _by_halves(transaction, rows[half:], step)


def _known(transaction: Transaction, project: Project) -> dict[JobId, RowMapping]:
    c = tables.watched_job.c
    columns = (
        *(c.status, c.is_gone, c.is_rebased, c.recorded_at),
        *(c.ended_at, c.next_at, c.stale_at, c.stale_since),
    )
    query = select(c.job_id, *columns).where(of_project(tables.watched_job, project))
    rows = transaction.connection.execute(query).mappings()
    return {JobId(row["job_id"]): row for row in rows}


def _ask_for_missing(
    transaction: Transaction,
    project: Project,
    listed: Collection[JobId],
    known: Mapping[JobId, RowMapping],
) -> None:
    """Make ended jobs that the list lacks due at once, because they are otherwise read rarely."""
    missing = [
        job_id
        for job_id, row in known.items()
        if job_id not in listed
        and row["ended_at"]
        and row["next_at"]
        and not row["is_gone"]
        # A job that cannot be read has a retry pause of its own.
        and row["stale_at"] is None
        and row["stale_since"] is None
    ]
    if missing:
        transaction.connection.execute(
            update(tables.watched_job)
            .where(
                of_project(tables.watched_job, project),
                among(tables.watched_job.c.job_id, missing),
            )
            .values(next_at=transaction.now)
        )


def _has_moved(known: RowMapping, job: VisualizationJob, sweep: RowMapping) -> bool:
    if known["status"] is None:
        # The row of the job could not be read in the first list.
        return bool(known["is_rebased"])
    if known["recorded_at"] > sweep["sweep_claimed_at"]:
        return False
    return bool(known["is_gone"]) or known["status"] != job.status


def _poll_all(transaction: Transaction, project: Project, listed: Mapping[JobId, object]) -> None:
    transaction.connection.execute(
        update(tables.watched_job)
        .where(
            of_project(tables.watched_job, project),
            among(tables.watched_job.c.job_id, listed),
            tables.watched_job.c.next_at.is_(None),
            tables.watched_job.c.is_gone.is_(False),
        )
        .values(next_at=transaction.now)
    )


def _activate(transaction: Transaction, project: Project) -> None:
    transaction.connection.execute(
        update(tables.subscription)
        .where(
            of_project(tables.subscription, project),
            tables.subscription.c.state == "pending",
            tables.subscription.c.target_kind != "job",
        )
        .values(state="active")
    )
