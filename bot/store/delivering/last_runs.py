"""The last runs of jobs that have ended, for their cards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, select

from bot.core.change import Step
from bot.core.job import ENDED_STATUSES
from bot.core.project import Project
from bot.core.runs import as_long_as_counted, last_run
from bot.core.timeline import JobRecord, SeenStep, Span, longest_gap, timeline
from bot.store.database import tables
from bot.store.database.conditions import JOB_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import job_of

# A run has a handful of steps. If a flapping job has more, only the latest steps are loaded.
_STEPS_AT_MOST = 30


def last_runs(
    transaction: Transaction, project: Project, rows: Iterable[RowMapping]
) -> Mapping[int, tuple[Span, ...]]:
    """Return, by job id, the spans of the last run of those watched jobs that have ended or are
    gone."""
    ended = {
        row["job_id"]: row for row in rows if row["is_gone"] or row["status"] in ENDED_STATUSES
    }
    if not ended:
        return {}
    c, w = tables.change.c, tables.watched_job.c
    query = (
        select(c.job_id, c.before, c.after, c.seen_at, c.last_seen_at)
        .join(tables.watched_job, columns_equal(tables.watched_job, tables.change, JOB_KEY))
        .where(
            of_project(tables.change, project),
            c.job_id.in_(ended),
            c.sequence > w.sequence - _STEPS_AT_MOST,
        )
        .order_by(c.job_id, c.sequence)
    )
    steps: dict[int, list[SeenStep]] = {}
    for row in transaction.connection.execute(query):
        step = SeenStep(Step(row.before, row.after), row.seen_at, row.last_seen_at)
        steps.setdefault(row.job_id, []).append(step)
    gap = longest_gap(transaction.timing.interval)
    return {id: _last_run(ended[id], seen, gap) for id, seen in steps.items()}


def _last_run(row: RowMapping, steps: Sequence[SeenStep], gap: timedelta) -> tuple[Span, ...]:
    begin = steps[0].last_seen_at or steps[0].seen_at
    if row["first_read_at"] is not None and row["sequence"] == len(steps):
        begin = row["first_read_at"]
    record = JobRecord(
        job=job_of(row), watched_since=begin, is_gone=row["is_gone"], changes=tuple(steps)
    )
    seen = last_run(timeline(record, begin=begin, end=steps[-1].seen_at, gap=gap))
    return as_long_as_counted(seen, record.job.duration)
