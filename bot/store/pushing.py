"""Push rows on that a read left as they were: one cheap statement for very many of them.

SQLite takes the rows one after the other within one call; PostgreSQL takes all of them as one
value. What is said is the same, and it is said once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

import orjson
from sqlalchemy import text

from bot.core.job import JobId, JobStatus, Phase, VisualizationJob
from bot.core.ports import Observation
from bot.core.watch import Finding, compare, is_outdated
from bot.store.columns import in_sqlite
from bot.store.database import Transaction

#: When a row is due again that nobody gave a time.
SOON = timedelta(seconds=30)

_ENDED = {Phase.FINISHED, Phase.STOPPED, Phase.FAILED}
_MILLISECOND = timedelta(milliseconds=1)

_FIXED = ("team_id", "project_id", "now")
_KEY = ("team_id", "project_id", "job_id")
_SET = (
    "epoch = watched_job.epoch + 1, lease_until = NULL, recorded_at = {now}, read_at = {read_at},"
    " duration = {duration},"
    # Nobody wishes to hear of it any more.
    " next_at = CASE WHEN watched_job.next_at IS NOT NULL THEN {next_at} END"
)
# All but what only a comparison of the whole row may leave behind: never read, missing, ended.
_STEADY = (
    "watched_job.status IS NOT NULL AND NOT watched_job.is_gone AND watched_job.absences = 0"
    " AND watched_job.ended_at IS NULL"
)
_FREE = (
    "watched_job.next_at <= {now}"
    " AND (watched_job.lease_until IS NULL OR watched_job.lease_until <= {now})"
)
_FACTS = {
    "status": "integer",
    "name": "text",
    "description": "text",
    "service_url": "text",
    "train_url": "text",
    "resource_id": "text",
}
_AS_TOLD = " AND ".join((
    *(f"watched_job.{name} = {{{name}}}" for name in _FACTS),
    "(watched_job.created_at = {created_at}"
    " OR watched_job.created_at IS NULL AND {created_at} IS NULL)",
    # One that is shorter was started again.
    "(watched_job.duration IS NULL OR watched_job.duration <= {duration})",
    "watched_job.read_at <= {read_at}",
))  # fmt: skip


_IN_SQLITE = "UPDATE watched_job SET {set} WHERE {at} AND {where}"
# Nobody waits for a row here: two that push on in different orders cannot block each other.
_IN_POSTGRESQL = (
    "UPDATE watched_job SET {set} FROM ("
    "SELECT seen.* FROM json_to_recordset(:rows) AS seen ({typed})"
    " JOIN watched_job ON {at} WHERE {where} FOR UPDATE OF watched_job SKIP LOCKED"
    ") AS seen WHERE {at}"
)


class _Push:
    """An update of watched rows; `where` names what a row is told as `{name}`."""

    def __init__(self, where: str, types: Mapping[str, str]) -> None:
        columns = {"job_id": "bigint", "next_at": "timestamptz", "read_at": "timestamptz"}
        columns |= {"duration": "bigint", **types}
        self._names = tuple(columns)
        at = " AND ".join(f"watched_job.{name} = {{{name}}}" for name in _KEY)
        spelled = {"where": where, "at": at, "set": _SET}
        numbers = {name: f"?{n}" for n, name in enumerate((*_FIXED, *columns), start=1)}
        self._sqlite = _IN_SQLITE.format(**spelled).format(**numbers)
        names = {name: f":{name}" for name in _FIXED} | {name: f"seen.{name}" for name in columns}
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self._postgresql = text(_IN_POSTGRESQL.format(typed=typed, **spelled).format(**names))

    async def run(
        self,
        transaction: Transaction,
        team_id: str,
        project_id: str,
        rows: Sequence[tuple[object, ...]],
    ) -> int:
        """Push those on that `where` holds for, and count them."""
        if not rows:
            return 0
        connection, now = transaction.connection, transaction.now
        if connection.dialect.name == "sqlite":
            fixed = (team_id, project_id, in_sqlite(now))
            done = await connection.exec_driver_sql(self._sqlite, [fixed + row for row in rows])
            return done.rowcount
        told = orjson.dumps([dict(zip(self._names, row, strict=True)) for row in rows]).decode()
        given = {"team_id": team_id, "project_id": project_id, "now": now, "rows": told}
        return (await connection.execute(self._postgresql, given)).rowcount


_PUSH_HELD = _Push(f"watched_job.epoch = {{epoch}} AND {_STEADY}", {"epoch": "bigint"})
_PUSH_FREE = _Push(f"{_FREE} AND {_STEADY} AND {_AS_TOLD}", {**_FACTS, "created_at": "timestamptz"})


async def push_held(
    transaction: Transaction, seen: Sequence[Observation], next_in: Mapping[JobId, timedelta]
) -> int:
    """Push on the leased rows that these reads leave as they are; count those still held."""
    if not seen:
        return 0
    spell = _speller(transaction)
    due_at = cache(lambda pause: spell(transaction.now + pause))
    rows = [
        (
            one.watched.job.id,
            due_at(next_in.get(one.watched.job.id, SOON)),
            spell(one.job.read_at),
            _milliseconds(one.job),
            one.watched.epoch,
        )
        for one in seen
        if one.job is not None
    ]
    first = seen[0].watched
    return await _PUSH_HELD.run(transaction, first.team_id, first.project_id, rows)


async def push_free(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    jobs: Iterable[VisualizationJob],
    *,
    due_in: timedelta,
) -> None:
    """Push on what is due, leased by nobody, and just as these reads tell."""
    spell = _speller(transaction)
    spell_shared = cache(spell)
    due_at = spell(transaction.now + due_in)
    rows = [
        (
            job.id,
            due_at,
            spell_shared(job.read_at),
            _milliseconds(job),
            job.status.value,
            job.name,
            job.description,
            job.service_url,
            job.train_url,
            job.resource_id,
            job.created_at and spell(job.created_at),
        )
        for job in jobs
    ]
    await _PUSH_FREE.run(transaction, team_id, project_id, rows)


def leaves_as_is(seen: Observation) -> bool:
    """True if a read tells nothing but that all is as it was, and for how long."""
    before, job = seen.watched.job, seen.job
    return (
        job is not None
        and not (job.status is JobStatus.UNKNOWN or job.status.phase in _ENDED)
        and compare(before, job) is Finding.UNCHANGED
        and not is_outdated(job, known_at=before.read_at)
        and before.name == job.name
        and before.description == job.description
        and before.service_url == job.service_url
        and before.train_url == job.train_url
        and before.resource_id == job.resource_id
        and before.created_at == job.created_at
    )


def _speller(transaction: Transaction) -> Callable[[datetime], object]:
    """How the database wants to be told a time; most reads of a batch share theirs."""
    is_sqlite = transaction.connection.dialect.name == "sqlite"
    return in_sqlite if is_sqlite else lambda value: value


def _milliseconds(job: VisualizationJob) -> int | None:
    return None if job.duration is None else job.duration // _MILLISECOND
