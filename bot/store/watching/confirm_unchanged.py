"""Confirm the rows that a read left unchanged, in one cheap statement for thousands of them.

The database compares the reads with the rows, so that the rows need not be loaded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select

from bot.core.change import ROUNDING
from bot.core.job import ENDED_STATUSES, JobId, JobStatus, VisualizationJob
from bot.core.ports.store import Observation
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.bulk import BulkStatement, among, time_encoder
from bot.store.database.columns import MILLISECOND
from bot.store.database.conditions import of_project, project_key
from bot.store.database.database import Transaction

#: The pause until the next poll of a row for which no other pause is given.
SOON = timedelta(seconds=30)

# Reads with these statuses are compared in full: an end sets more columns, and UNKNOWN is also
# what `job_of` makes of a row that was never read.
_LOOKED_AT = {JobStatus.UNKNOWN.value, *ENDED_STATUSES}

_CONFIRM = (
    "UPDATE watched_job SET"
    " epoch = watched_job.epoch + 1, recorded_at = {now}, read_at = {read_at},"
    " duration = {duration},"
    # A row without next_at has no subscription any more.
    " next_at = CASE WHEN watched_job.next_at IS NOT NULL THEN {next_at} END"
)
# Excludes the rows that need a full comparison: never read, denied or gone, ended, unconfirmed,
# or waiting for a new baseline.
_STEADY = (
    "watched_job.status IS NOT NULL AND NOT watched_job.is_gone AND watched_job.absences = 0"
    " AND watched_job.ended_at IS NULL AND watched_job.stale_at IS NULL"
    " AND watched_job.stale_since IS NULL AND watched_job.is_rebased IS NOT TRUE"
)
_FREE = (
    "watched_job.next_at <= {soon} AND NOT EXISTS (SELECT 1 FROM watch_lease lease"
    " WHERE lease.team_id = {team_id} AND lease.project_id = {project_id}"
    " AND lease.lease_until > {now}"
    " AND (lease.after_at, lease.after_job) < (watched_job.next_at, watched_job.job_id)"
    " AND (watched_job.next_at, watched_job.job_id) <= (lease.upto_at, lease.upto_job))"
)
#: The columns of a read beside its times, with their types, which only PostgreSQL needs.
READ = {
    "status": "integer",
    "name": "text",
    "description": "text",
    "service_url": "text",
    "train_url": "text",
    "resource_id": "text",
}
_AS_READ = " AND ".join((
    *(f"watched_job.{name} = {{{name}}}" for name in READ),
    "(watched_job.created_at = {created_at}"
    " OR watched_job.created_at IS NULL AND {created_at} IS NULL)",
    # A duration that shrank by more than rounding means a restart.
    "(watched_job.duration IS NULL OR {duration} IS NULL"
    f" OR watched_job.duration <= {{duration}} + {ROUNDING // MILLISECOND})",
    "watched_job.read_at <= {read_at}",
))  # fmt: skip


_AT = " AND ".join(
    f"watched_job.{name} = {{{name}}}" for name in ("team_id", "project_id", "job_id")
)


# Lets the planner use the primary key even if the table was never analysed.
_AMONG = "watched_job.job_id = ANY (ARRAY(SELECT job_id FROM given))"
# Locked rows are skipped, so that two confirmations in different orders cannot block each other.
_HELD = (
    f"given.* FROM given JOIN watched_job ON {_AT} WHERE {_AMONG} AND {{where}}"
    " FOR UPDATE OF watched_job SKIP LOCKED"
)


def _confirm(where: str, *, is_leased: bool, **each: str) -> BulkStatement:
    # A leased row needs no lock beforehand, because nobody else confirms it.
    held = "" if is_leased else f", held AS (SELECT {_HELD.replace('{where}', where)})"
    rows = f"given WHERE {_AT} AND {where}" if is_leased else f"held AS given WHERE {_AT}"
    return BulkStatement(
        sqlite=f"{_CONFIRM} WHERE {_AT} AND {where}",
        postgresql="WITH given AS MATERIALIZED (SELECT * FROM {rows})"  # noqa: S608 - ours
        f"{held} {_CONFIRM} FROM {rows} AND {_AMONG}",
        shared=("team_id", "project_id", "now", "soon"),
        each={
            "job_id": "bigint",
            "next_at": "timestamptz",
            "read_at": "timestamptz",
            "duration": "bigint",
            **READ,
            "created_at": "timestamptz",
            **each,
        },
    )


_UNCHANGED = f"{_STEADY} AND {_AS_READ}"
_CONFIRM_HELD = _confirm(
    f"watched_job.epoch = {{epoch}} AND {_UNCHANGED}", is_leased=True, epoch="bigint"
)
_CONFIRM_FREE = _confirm(f"{_FREE} AND {_UNCHANGED}", is_leased=False)

TimeEncoder = Callable[[datetime], object]


def confirm_held(
    transaction: Transaction,
    project: Project,
    observations: Sequence[Observation],
    next_in: Mapping[JobId, timedelta],
) -> tuple[Sequence[JobId], Sequence[Observation]]:
    """Confirm the leased rows that these reads leave unchanged.

    Returns the jobs of these rows, and the reads that must be compared in full.
    """
    good: dict[JobId, Observation] = {}
    rest: list[Observation] = []
    rows: list[tuple[object, ...]] = []
    now, encode = transaction.now, cache(time_encoder(transaction))  # many share a time
    for seen in observations:
        lease, job = seen
        if job is None or int(job.status) in _LOOKED_AT:
            rest.append(seen)
        else:
            good[job.id] = seen
            due_at = encode(now + next_in.get(job.id, SOON))
            rows.append((*_values(job, due_at, encode), lease.epoch))
    if not good:
        return (), rest
    shared = _shared(transaction, project)
    if _CONFIRM_HELD.run(transaction, shared, rows) < len(rows):
        left = _still_held(transaction, project, good)
        rest += [good.pop(job_id) for job_id in left]
    return tuple(good), rest


def confirm_free(
    transaction: Transaction,
    project: Project,
    jobs: Iterable[VisualizationJob],
    *,
    due_in: timedelta,
    within: timedelta = timedelta(),
) -> None:
    """Confirm the rows that are due `within` that time, leased by nobody, and equal to these
    reads."""
    encode = cache(time_encoder(transaction))
    due_at = encode(transaction.now + due_in)
    rows = [_values(job, due_at, encode) for job in jobs]
    _CONFIRM_FREE.run(transaction, _shared(transaction, project, within), rows)


def _still_held(
    transaction: Transaction,
    project: Project,
    seen: Mapping[JobId, Observation],
) -> Sequence[JobId]:
    """Return the jobs whose epoch is still that of their lease: they were not confirmed."""
    query = select(tables.watched_job.c.job_id, tables.watched_job.c.epoch).where(
        of_project(tables.watched_job, project),
        among(tables.watched_job.c.job_id, seen),
    )
    rows = transaction.connection.execute(query)
    return [row.job_id for row in rows if row.epoch == seen[row.job_id].lease.epoch]


def _values(job: VisualizationJob, due_at: object, encode: TimeEncoder) -> tuple[object, ...]:
    return (
        job.id,
        due_at,
        encode(job.read_at),
        None if job.duration is None else job.duration // MILLISECOND,
        job.status.value,
        job.name,
        job.description,
        job.service_url,
        job.train_url,
        job.resource_id,
        job.created_at and encode(job.created_at),
    )


def _shared(
    transaction: Transaction, project: Project, within: timedelta = timedelta()
) -> Mapping[str, object]:
    return {**project_key(project), "now": transaction.now, "soon": transaction.now + within}
