"""Lease the watched jobs that are due, a range of their order at a time.

The jobs that are due stand in one order, by time and number. A lease is a range of it: one row,
however many jobs are in the range; the jobs are written once, when they were read. Nobody else gets
them meanwhile. A replica whose lease has ended records nothing, nor does one whose job was written
since.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import column, text

from bot.core.ports.store import Lease
from bot.core.project import Project
from bot.store.database.bulk import time_encoder
from bot.store.database.conditions import OF_PROJECT, named
from bot.store.database.database import Transaction

_LIVE = text(
    "SELECT id, after_at, after_job, upto_at, upto_job, lease_until <= :now AS is_over"  # noqa: S608
    f" FROM watch_lease WHERE {OF_PROJECT} ORDER BY upto_at, upto_job"
).columns(*map(column, ("id", "after_at", "after_job", "upto_at", "upto_job", "is_over")))
_ENDS = {
    "sqlite": text("DELETE FROM watch_lease WHERE id = :id"),
    # One that is just being recorded is locked, and stays until it has ended.
    "postgresql": text(
        "DELETE FROM watch_lease WHERE id IN"
        " (SELECT id FROM watch_lease WHERE id = :id FOR UPDATE SKIP LOCKED)"
    ),
}
_DUE = text(
    f"SELECT job_id, epoch, next_at FROM watched_job WHERE {OF_PROJECT}"  # noqa: S608 - ours
    " AND (next_at, job_id) > (:after_at, :after_job)"
    " AND (next_at, job_id) <= (:upto_at, :upto_job)"
    # Said again for the planners: of a pair neither knows that it needs the index.
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
    """A place in the order; the time as the database writes it."""

    at: Any
    job_id: int


class _Range(NamedTuple):
    """What comes after one turn, up to another and with it."""

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
    """Take what is due until then and free, the longest due first, after `look` in the same
    transaction."""
    execute = transaction.connection.execute
    whose = named(project)
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
    """These jobs are read, or given back; the ids of those of their ranges that were still held."""
    held = set()
    for range_id, jobs in sorted(Counter(lease.range_id for lease in leases).items()):
        for what in (_DROP, _LESSEN):
            done = transaction.connection.execute(what, {"id": range_id, "jobs": jobs})
            if done.scalar_one_or_none() is not None:
                held.add(range_id)
                break
    return held


def drop_leases(transaction: Transaction, team_id: str) -> None:
    """What is being read is recorded no more."""
    transaction.connection.execute(_DROP_ALL, {"team_id": team_id})


def _free(
    transaction: Transaction, whose: Mapping[str, str], within: timedelta
) -> Iterator[_Range]:
    """What is due until then and leased by nobody; no two leases overlap."""
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
