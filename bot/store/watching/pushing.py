"""Push rows on that a read left as they were: one cheap statement for very many of them.

The database sets the two side by side, so that what is known need not be read for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select

from bot.core.job import ENDED_STATUSES, JobId, JobStatus, VisualizationJob
from bot.core.ports.store import Observation
from bot.store.database.bulk import BulkStatement, among, time_encoder
from bot.store.database.columns import MILLISECOND
from bot.store.database.database import Transaction
from bot.store.database.tables import watched_job

#: When a row is due again that nobody gave a time.
SOON = timedelta(seconds=30)

# What a look at the whole row may lead further: an end, and the number of a row never read.
_LOOKED_AT = {JobStatus.UNKNOWN.value, *ENDED_STATUSES}

_PUSH = (
    "UPDATE watched_job SET"
    " epoch = watched_job.epoch + 1, recorded_at = {now}, read_at = {read_at},"
    " duration = {duration},"
    # Nobody wishes to hear of it any more.
    " next_at = CASE WHEN watched_job.next_at IS NOT NULL THEN {next_at} END"
)
# All but what only a look at the whole row may leave behind: never read, missing, ended, in
# doubt, or to be read afresh.
_STEADY = (
    "watched_job.status IS NOT NULL AND NOT watched_job.is_gone AND watched_job.absences = 0"
    " AND watched_job.ended_at IS NULL AND watched_job.stale_at IS NULL"
    " AND watched_job.stale_since IS NULL AND watched_job.is_rebased IS NOT TRUE"
)
_FREE = (
    "watched_job.next_at <= {now} AND NOT EXISTS (SELECT 1 FROM watch_lease lease"
    " WHERE lease.team_id = {team_id} AND lease.project_id = {project_id}"
    " AND lease.lease_until > {now}"
    " AND (lease.after_at, lease.after_job) < (watched_job.next_at, watched_job.job_id)"
    " AND (watched_job.next_at, watched_job.job_id) <= (lease.upto_at, lease.upto_job))"
)
#: What a read tells beside its times, with the types that only PostgreSQL wants to know.
TOLD = {
    "status": "integer",
    "name": "text",
    "description": "text",
    "service_url": "text",
    "train_url": "text",
    "resource_id": "text",
}
_AS_TOLD = " AND ".join((
    *(f"watched_job.{name} = {{{name}}}" for name in TOLD),
    "(watched_job.created_at = {created_at}"
    " OR watched_job.created_at IS NULL AND {created_at} IS NULL)",
    # One that is shorter was started again.
    "(watched_job.duration IS NULL OR {duration} IS NULL OR watched_job.duration <= {duration})",
    "watched_job.read_at <= {read_at}",
))  # fmt: skip


_AT = " AND ".join(
    f"watched_job.{name} = {{{name}}}" for name in ("team_id", "project_id", "job_id")
)


# By its key whatever the planner believes of a table that was never analysed.
_AMONG = "watched_job.job_id = ANY (ARRAY(SELECT job_id FROM told))"
# Nobody waits for a row here: two that push on in different orders cannot block each other.
_HELD = (
    f"told.* FROM told JOIN watched_job ON {_AT} WHERE {_AMONG} AND {{where}}"
    " FOR UPDATE OF watched_job SKIP LOCKED"
)


def _push(where: str, *, is_leased: bool, **told: str) -> BulkStatement:
    # A leased row is nobody else's, so it is not locked beforehand.
    held = "" if is_leased else f", held AS (SELECT {_HELD.replace('{where}', where)})"
    rows = f"told WHERE {_AT} AND {where}" if is_leased else f"held AS told WHERE {_AT}"
    return BulkStatement(
        sqlite=f"{_PUSH} WHERE {_AT} AND {where}",
        postgresql="WITH told AS MATERIALIZED (SELECT * FROM {rows})"  # noqa: S608 - ours
        f"{held} {_PUSH} FROM {rows} AND {_AMONG}",
        shared=("team_id", "project_id", "now"),
        told={
            "job_id": "bigint",
            "next_at": "timestamptz",
            "read_at": "timestamptz",
            "duration": "bigint",
            **TOLD,
            "created_at": "timestamptz",
            **told,
        },
    )


_UNCHANGED = f"{_STEADY} AND {_AS_TOLD}"
_PUSH_HELD = _push(
    f"watched_job.epoch = {{epoch}} AND {_UNCHANGED}", is_leased=True, epoch="bigint"
)
_PUSH_FREE = _push(f"{_FREE} AND {_UNCHANGED}", is_leased=False)

TimeEncoder = Callable[[datetime], object]


async def push_held(
    transaction: Transaction,
    project_id: str,
    observations: Sequence[Observation],
    next_in: Mapping[JobId, timedelta],
) -> tuple[Sequence[JobId], Sequence[Observation]]:
    """Push on the leased rows that these reads leave as they are.

    Returns the jobs that were pushed on, and what wants to be compared in full.
    """
    good: dict[JobId, Observation] = {}
    rest: list[Observation] = []
    rows: list[tuple[object, ...]] = []
    now, spell = transaction.now, cache(time_encoder(transaction))  # many are read and due at once
    for seen in observations:
        lease, job = seen
        if job is None or int(job.status) in _LOOKED_AT:
            rest.append(seen)
        else:
            good[job.id] = seen
            due_at = spell(now + next_in.get(job.id, SOON))
            rows.append((*_values(job, due_at, spell), lease.epoch))
    if not good:
        return (), rest
    team_id = observations[0].lease.team_id
    shared = _shared(transaction, team_id, project_id)
    if await _PUSH_HELD.run(transaction, shared, rows) < len(rows):
        left = await _still_held(transaction, team_id, project_id, good)
        rest += [good.pop(job_id) for job_id in left]
    return tuple(good), rest


async def push_free(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    jobs: Iterable[VisualizationJob],
    *,
    due_in: timedelta,
) -> None:
    """Push on what is due, leased by nobody, and just as these reads tell."""
    spell = cache(time_encoder(transaction))
    due_at = spell(transaction.now + due_in)
    rows = [_values(job, due_at, spell) for job in jobs]
    await _PUSH_FREE.run(transaction, _shared(transaction, team_id, project_id), rows)


async def _still_held(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    seen: Mapping[JobId, Observation],
) -> Sequence[JobId]:
    """Those whose epoch has not moved on."""
    query = select(watched_job.c.job_id, watched_job.c.epoch).where(
        watched_job.c.team_id == team_id,
        watched_job.c.project_id == project_id,
        among(watched_job.c.job_id, seen),
    )
    rows = await transaction.connection.execute(query)
    return [row.job_id for row in rows if row.epoch == seen[row.job_id].lease.epoch]


def _values(job: VisualizationJob, due_at: object, spell: TimeEncoder) -> tuple[object, ...]:
    return (
        job.id,
        due_at,
        spell(job.read_at),
        None if job.duration is None else job.duration // MILLISECOND,
        job.status.value,
        job.name,
        job.description,
        job.service_url,
        job.train_url,
        job.resource_id,
        job.created_at and spell(job.created_at),
    )


def _shared(transaction: Transaction, team_id: str, project_id: str) -> Mapping[str, object]:
    return {"team_id": team_id, "project_id": project_id, "now": transaction.now}
