"""The recorded facts about jobs that their cards show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select

from bot.core.acting import RequestedAction
from bot.core.care import JobCare
from bot.core.change import StatusChange
from bot.core.job import VisualizationJob
from bot.core.timeline import Span
from bot.store.database import tables
from bot.store.database.conditions import CHANGE_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import change_of, job_of, project_of
from bot.store.delivering.job_care import last_asked_for, read_care
from bot.store.delivering.last_runs import last_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """The recorded facts about one job."""

    job: VisualizationJob
    latest: StatusChange | None
    #: When the job was last read, if no good read confirms its state now; else None.
    confirmed_at: datetime | None
    is_gone: bool
    care: JobCare
    asked: RequestedAction | None
    last_run: tuple[Span, ...]


def known_jobs(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[int, JobFacts]:
    """Return, by job id, the recorded facts about the jobs of these rows of one project."""
    if not rows:
        return {}
    job_ids = {row["job_id"] for row in rows}
    jobs = select(tables.watched_job).where(
        of_project(tables.watched_job, project_of(rows[0])),
        tables.watched_job.c.job_id.in_(job_ids),
    )
    latest = (
        select(tables.change)
        .join(
            tables.watched_job,
            columns_equal(tables.watched_job, tables.change, CHANGE_KEY),
        )
        .where(
            of_project(tables.watched_job, project_of(rows[0])),
            tables.watched_job.c.job_id.in_(job_ids),
        )
    )
    changes = {
        row["job_id"]: change_of(row) for row in transaction.connection.execute(latest).mappings()
    }
    found = {row["job_id"]: row for row in transaction.connection.execute(jobs).mappings()}
    read = {job_id: job_of(row) for job_id, row in found.items()}
    care = read_care(transaction, project_of(rows[0]), read)
    asked = last_asked_for(transaction, project_of(rows[0]), job_ids)
    runs = last_runs(transaction, project_of(rows[0]), list(found.values()))
    return {
        job_id: JobFacts(
            job=read[job_id],
            latest=changes.get(job_id),
            confirmed_at=row["read_at"] if row["stale_since"] is not None else None,
            is_gone=row["is_gone"],
            care=care[job_id],
            asked=asked.get(job_id),
            last_run=runs.get(job_id, ()),
        )
        for job_id, row in found.items()
    }
