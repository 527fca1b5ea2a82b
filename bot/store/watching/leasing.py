"""Lease the watched jobs that are due, a range of them at a time.

The due jobs are ordered by time and number. A lease is one row that names a range of this order,
however many jobs are in it; the jobs' own rows are written once, after the read. Meanwhile nobody
else gets these jobs. A replica whose lease has ended records nothing, and no replica records a job
whose row was written since the lease.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import column, text

from bot.core.ports.store import Lease
from bot.core.project import Project
from bot.store.database.bulk import time_encoder
from bot.store.database.conditions import OF_PROJECT, project_key
from bot.store.database.database import Transaction

_LIVE = text(
    "SELECT id, after_at, after_job, upto_at, upto_job, lease_until <= :now AS is_over"  # noqa: S608
    f" FROM watch_lease WHERE {OF_PROJECT} ORDER BY upto_at, upto_job"
).columns(*map(column, ("id", "after_at", "after_job", "upto_at", "upto_job", "is_over")))
_ENDS = {
    "sqlite": text("DELETE FROM watch_lease WHERE id = :id"),
    # A lease whose reads are being recorded is locked: it stays until that has ended.
    "postgresql": text(
        "DELETE FROM watch_lease WHERE id IN"
        " (SELECT id FROM watch_lease WHERE id = :id FOR UPDATE SKIP LOCKED)"
    ),
}
_DUE = text(
    f"SELECT job_id, epoch, next_at FROM watched_job WHERE {OF_PROJECT}"  # noqa: S608 - ours
    " AND (next_at, job_id) > (:after_at, :after_job)"
    " AND (next_at, job_id) <= (:upto_at, :upto_job)"
    # Repeated because neither planner uses the index for a comparison of pairs.
    " AND next_at >= :after_at AND next_at <= :upto_at"
    " ORDER BY next_at, job_id LIMIT :limit"
).columns(column("job_id"), column("epoch"), column("next_at"))
_KEEP = text(
    "INSERT INTO watch_lease"
    " (team_id, project_id, after_at, after_job, upto_at, upto_job, jobs, lease_until)"
    " VALUES (:team_id, :project_id, :after_at, :after_job, :upto_at, :upto_job, :jobs, :until)"
    " RETURNING id"
)
_DROP = text("DELETE FROM watch_lease WHERE id = :id AND jobs <= :jobs RETURNING id")
_DROP_ALL = text("DELETE FROM watch_lease WHERE team_id = :team_id")
_LESSEN = text("UPDATE watch_lease SET jobs = jobs - :jobs WHERE id = :id RETURNING id")

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_JOB = 2**63 - 1


class _Turn(NamedTuple):
    """A position in the order of due jobs; `at` is the time as the database writes it."""

    at: Any
    job_id: int


class _Range(NamedTuple):
    """The due jobs after one turn, up to and including another turn."""

    after: _Turn
    upto: _Turn

    def values(self) -> Mapping[str, object]:
        return {
            "after_at": self.after.at,
            "after_job": self.after.job_id,
            "upto_at": self.upto.at,
            "upto_job": self.upto.job_id,
        }


def lease_due(
    transaction: Transaction, project: Project, *, limit: int, within: timedelta = timedelta()
) -> tuple[Lease, ...]:
    """Lease up to `limit` jobs that are due `within` that time and free, the longest due first. The
    caller has called `claim_check.look` in the same transaction, which keeps other replicas out."""
    execute = transaction.connection.execute
    whose = project_key(project)
    until = time_encoder(transaction)(transaction.now + transaction.timing.lease)
    taken: list[Lease] = []
    for free in _free(transaction, whose, within):
        due = execute(_DUE, {**whose, **free.values(), "limit": limit - len(taken)})
        rows: Sequence[Any] = due.all()
        if rows:
            leased = _Range(free.after, _Turn(rows[-1].next_at, rows[-1].job_id))
            kept = {**whose, **leased.values(), "jobs": len(rows), "until": until}
            range_id = execute(_KEEP, kept).scalar_one()
            taken += [Lease(project, job_id, epoch, range_id) for job_id, epoch, _ in rows]
        if len(taken) == limit:
            break
    return tuple(taken)


def finish(transaction: Transaction, leases: Iterable[Lease]) -> set[int]:
    """Take these jobs out of their ranges; return the ids of the ranges that were still held."""
    held = set()
    for range_id, jobs in sorted(Counter(lease.range_id for lease in leases).items()):
        for what in (_DROP, _LESSEN):
            done = transaction.connection.execute(what, {"id": range_id, "jobs": jobs})
            if done.scalar_one_or_none() is not None:
                held.add(range_id)
                break
    return held


def drop_leases(transaction: Transaction, team_id: str) -> None:
    """Discard the reads of a workspace that are still in flight, by deleting their leases."""
    transaction.connection.execute(_DROP_ALL, {"team_id": team_id})


def _free(
    transaction: Transaction, whose: Mapping[str, str], within: timedelta
) -> Iterator[_Range]:
    """Return the ranges that are due `within` that time and not leased; leases never overlap."""
    connection, encode = transaction.connection, time_encoder(transaction)
    now = encode(transaction.now)
    live = []
    for row in connection.execute(_LIVE, {**whose, "now": now}).all():
        if row.is_over:
            ended = connection.execute(_ENDS[connection.dialect.name], {"id": row.id})
            if ended.rowcount:
                continue
        after, upto = _Turn(row.after_at, row.after_job), _Turn(row.upto_at, row.upto_job)
        live.append(_Range(after, upto))
    until = encode(transaction.now + within)
    return _gaps(live, _Range(_Turn(encode(_FIRST), 0), _Turn(until, _LAST_JOB)))


def _gaps(live: Iterable[_Range], whole: _Range) -> Iterator[_Range]:
    start = whole.after
    for one in live:
        if start < one.after:
            yield _Range(start, one.after)
        start = one.upto
    if start < whole.upto:
        yield _Range(start, whole.upto)
