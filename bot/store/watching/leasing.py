"""Lease the watched jobs that are due, a stretch of their order at a time.

What is due stands in one order, by time and number. A lease is a stretch of it, one row however
many jobs are in it; the jobs themselves are written once, when they have been read. Nobody else is
given them meanwhile. Whoever has lost the lease, or whose job was written since, records nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import column, text

from bot.core.ports.store import Lease
from bot.store.database.bulk import time_encoder
from bot.store.database.columns import OF_PROJECT
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
_DROP_ALL = text(f"DELETE FROM watch_lease WHERE {OF_PROJECT}")  # noqa: S608 - ours
_LESSEN = text("UPDATE watch_lease SET jobs = jobs - :jobs WHERE id = :id RETURNING id")

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_JOB = 2**63 - 1


class _Turn(NamedTuple):
    """A place in the order; the time as the database spells it."""

    at: Any
    job_id: int


class _Stretch(NamedTuple):
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


async def lease_due(
    transaction: Transaction, team_id: str, project_id: str, *, limit: int, lease: timedelta
) -> tuple[Lease, ...]:
    """Take what is due and free, the longest due first, after `look` in the same transaction."""
    execute = transaction.connection.execute
    whose = {"team_id": team_id, "project_id": project_id}
    until = time_encoder(transaction)(transaction.now + lease)
    taken: list[Lease] = []
    for free in await _free(transaction, whose):
        due = await execute(_DUE, {**whose, **free.values(), "limit": limit - len(taken)})
        rows: Sequence[Any] = due.all()
        if rows:
            leased = _Stretch(free.after, _Turn(rows[-1].next_at, rows[-1].job_id))
            kept = {**whose, **leased.values(), "jobs": len(rows), "until": until}
            stretch = (await execute(_KEEP, kept)).scalar_one()
            taken += [Lease(team_id, job_id, epoch, stretch) for job_id, epoch, _ in rows]
        if len(taken) == limit:
            break
    return tuple(taken)


async def finish(transaction: Transaction, leases: Iterable[Lease]) -> set[int]:
    """These jobs are read, or given back; the stretches among theirs that were still held."""
    held = set()
    for stretch, jobs in sorted(Counter(lease.stretch for lease in leases).items()):
        for what in (_DROP, _LESSEN):
            done = await transaction.connection.execute(what, {"id": stretch, "jobs": jobs})
            if done.scalar_one_or_none() is not None:
                held.add(stretch)
                break
    return held


async def drop_leases(transaction: Transaction, team_id: str, project_id: str) -> None:
    """What is being read is recorded no more."""
    whose = {"team_id": team_id, "project_id": project_id}
    await transaction.connection.execute(_DROP_ALL, whose)


async def _free(transaction: Transaction, whose: Mapping[str, str]) -> Iterator[_Stretch]:
    """What is due and leased by nobody; no two leases overlap."""
    connection, spell = transaction.connection, time_encoder(transaction)
    now = spell(transaction.now)
    live = []
    for row in (await connection.execute(_LIVE, {**whose, "now": now})).all():
        if row.is_over:
            ended = await connection.execute(_ENDS[connection.dialect.name], {"id": row.id})
            if ended.rowcount:
                continue
        after, upto = _Turn(row.after_at, row.after_job), _Turn(row.upto_at, row.upto_job)
        live.append(_Stretch(after, upto))
    return _gaps(live, _Stretch(_Turn(spell(_FIRST), 0), _Turn(now, _LAST_JOB)))


def _gaps(live: Iterable[_Stretch], whole: _Stretch) -> Iterator[_Stretch]:
    start = whole.after
    for one in live:
        if start < one.after:
            yield _Stretch(start, one.after)
        start = one.upto
    if start < whole.upto:
        yield _Stretch(start, whole.upto)
