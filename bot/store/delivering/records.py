"""The recorded history of jobs: their last read, when watching them began, and their steps."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, or_, select

from bot.core.change import Step
from bot.core.job import ENDED_STATUSES, JobId, VisualizationJob
from bot.core.project import Project
from bot.core.timeline import JobRecord, Recorded, SeenStep
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import JOB_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import job_of

_JOBS = tables.watched_job
_CHANGES = tables.change


def read_records(
    transaction: Transaction, project: Project, *, since: datetime, job_id: JobId | None = None
) -> Recorded:
    """Return the records of one job, or of all jobs that may have run since `since`."""
    # Read the rows first: then a step that is recorded meanwhile is newer than its job's row.
    rows = _rows(transaction, project, since, job_id)
    ids = [JobId(row["job_id"]) for row in rows]
    earlier = _earlier(transaction, project, since, ids)
    steps = _steps(transaction, project, since, job_id)
    beginnings = _beginnings(transaction, project, rows)
    watched_since, is_exact = _first(transaction, project)
    return Recorded(
        jobs=tuple(
            _record(row, earlier.get(id), steps.get(id, ()), beginnings.get(id))
            for id, row in zip(ids, rows, strict=True)
        ),
        watched_since=watched_since,
        is_since_exact=is_exact,
    )


def jobs_called(
    transaction: Transaction, project: Project, beginning: str
) -> tuple[VisualizationJob, ...]:
    """Return the jobs that were ever read and whose name begins so, whatever the case, the highest
    id first."""
    query = (
        select(_JOBS)
        .where(
            of_project(_JOBS, project),
            _JOBS.c.status.is_not(None),
            func.lower(_JOBS.c.name).startswith(beginning.lower(), autoescape=True),
        )
        .order_by(_JOBS.c.job_id.desc())
        .limit(_MOST_NAMESAKES)
    )
    return tuple(map(job_of, transaction.connection.execute(query).mappings()))


_MOST_NAMESAKES = 100


def watched_projects(transaction: Transaction) -> tuple[Project, ...]:
    """Return the projects of which a job was ever read, the one that was read last first."""
    c = _JOBS.c
    query = (
        select(c.team_id, c.project_id)
        .where(c.status.is_not(None))
        .group_by(c.team_id, c.project_id)
        .order_by(func.max(c.read_at).desc())
    )
    rows = transaction.connection.execute(query)
    return tuple(Project(team_id=row.team_id, project_id=row.project_id) for row in rows)


def _rows(
    transaction: Transaction, project: Project, since: datetime, job_id: JobId | None
) -> Sequence[RowMapping]:
    c = _JOBS.c
    query = select(_JOBS).where(of_project(_JOBS, project), c.status.is_not(None))
    if job_id is not None:
        query = query.where(c.job_id == job_id)
    else:
        changed = select(_CHANGES.c.job_id).where(_of(project, since))
        # A job that had ended before `since`, and did not change, has not run since.
        going = (c.status.not_in(ENDED_STATUSES)) & c.is_gone.is_(False)
        query = query.where(or_(going, c.job_id.in_(changed)))
    return transaction.connection.execute(query.order_by(c.job_id)).mappings().all()


def _steps(
    transaction: Transaction, project: Project, since: datetime, job_id: JobId | None
) -> Mapping[JobId, Sequence[SeenStep]]:
    c = _CHANGES.c
    query = select(c.job_id, c.before, c.after, c.seen_at, c.last_seen_at).where(
        _of(project, since)
    )
    if job_id is not None:
        query = query.where(c.job_id == job_id)
    found: dict[JobId, list[SeenStep]] = defaultdict(list)
    for row in transaction.connection.execute(query.order_by(c.job_id, c.sequence)):
        found[JobId(row.job_id)].append(_step(row))
    return found


def _earlier(
    transaction: Transaction, project: Project, since: datetime, ids: Sequence[JobId]
) -> Mapping[JobId, SeenStep]:
    """Return the last step of each job before `since`, which shows the job's state at `since`."""
    c, later = _CHANGES.c, _CHANGES.alias("last")
    last = (
        select(later.c.sequence)
        .where(columns_equal(later, _CHANGES, JOB_KEY), later.c.seen_at < since)
        .order_by(later.c.sequence.desc())
        .limit(1)
        .correlate(_CHANGES)
        .scalar_subquery()
    )
    query = select(c.job_id, c.before, c.after, c.seen_at, c.last_seen_at).where(
        of_project(_CHANGES, project), among(c.job_id, ids), c.sequence == last
    )
    return {JobId(row.job_id): _step(row) for row in transaction.connection.execute(query)}


def _step(row: Any) -> SeenStep:
    return SeenStep(Step(row.before, row.after), row.seen_at, row.last_seen_at)


def _of(project: Project, since: datetime) -> ColumnElement[bool]:
    return of_project(_CHANGES, project) & (_CHANGES.c.seen_at >= since)


def _beginnings(
    transaction: Transaction, project: Project, rows: Sequence[RowMapping]
) -> Mapping[JobId, datetime]:
    """Return when each job was first seen or subscribed to, for those jobs whose first read an
    older version did not record."""
    ids = [JobId(row["job_id"]) for row in rows if row["first_read_at"] is None]
    if not ids:
        return {}
    c, s = _CHANGES.c, tables.subscription.c
    seen = select(c.job_id, func.min(func.coalesce(c.last_seen_at, c.seen_at)).label("at")).where(
        of_project(_CHANGES, project), among(c.job_id, ids)
    )
    followed = select(s.job_id, func.min(s.created_at).label("at")).where(
        of_project(tables.subscription, project), among(s.job_id, ids)
    )
    found: dict[JobId, datetime] = {}
    for query in (seen.group_by(c.job_id), followed.group_by(s.job_id)):
        for row in transaction.connection.execute(query):
            id = JobId(row.job_id)
            found[id] = min(found.get(id, row.at), row.at)
    return found


def _first(transaction: Transaction, project: Project) -> tuple[datetime | None, bool]:
    """Return since when the project is watched, and whether that time is exact."""
    c = _JOBS.c
    query = select(
        func.min(c.first_read_at).label("first"),
        func.min(c.read_at).label("read"),
        func.count().filter(c.first_read_at.is_(None)).label("unknown"),
    ).where(of_project(_JOBS, project), c.status.is_not(None))
    row = transaction.connection.execute(query).one()
    if not row.unknown:
        return row.first, True
    seen = select(func.min(func.coalesce(_CHANGES.c.last_seen_at, _CHANGES.c.seen_at))).where(
        of_project(_CHANGES, project)
    )
    signs = (row.first, row.read, transaction.connection.scalar(seen))
    return min(sign for sign in signs if sign is not None), False


def _record(
    row: RowMapping,
    earlier: SeenStep | None,
    steps: Sequence[SeenStep],
    beginning: datetime | None,
) -> JobRecord:
    first = row["first_read_at"]
    return JobRecord(
        job=job_of(row),
        watched_since=first or min(beginning or row["read_at"], row["read_at"]),
        is_since_exact=first is not None,
        is_gone=row["is_gone"],
        changes=(*((earlier,) if earlier else ()), *steps),
        complete_from=earlier.seen_at if earlier else None,
    )
