"""Lease the watched jobs that are due: one look, and one statement past SQLAlchemy's types."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text

from bot.core.job import JobStatus, VisualizationJob
from bot.core.watch import WatchedJob
from bot.store.columns import UtcTime, from_sqlite, in_sqlite
from bot.store.database import Transaction

_OF_PROJECT = "team_id = :team_id AND project_id = :project_id"
_LOOK = text(
    "SELECT EXISTS (SELECT 1 FROM workspace"  # noqa: S608 - ours
    "  WHERE team_id = :team_id AND frozen_at IS NOT NULL),"
    f" EXISTS (SELECT 1 FROM subscription WHERE {_OF_PROJECT}"
    "  AND until <= :now AND state <> 'ended'),"
    f" EXISTS (SELECT 1 FROM watched_job WHERE {_OF_PROJECT} AND stale_at <= :now),"
    f" EXISTS (SELECT 1 FROM project WHERE {_OF_PROJECT} AND next_at <= :now),"
    f" coalesce((SELECT known_jobs FROM project WHERE {_OF_PROJECT}), 0)"
).bindparams(bindparam("now", type_=UtcTime))

_LEASE = (
    "UPDATE watched_job SET epoch = epoch + 1, lease_until = {until}"
    " WHERE team_id = {team_id} AND project_id = {project_id} AND job_id {among}"
    " RETURNING job_id, status, name, description, service_url, train_url, resource_id, duration,"
    # A row that was never read counts as read when it was first due.
    " created_at, coalesce(read_at, next_at), sequence, epoch, absences, absent_since, recorded_at"
)
_DUE = (
    "SELECT job_id FROM watched_job"
    " WHERE team_id = {team_id} AND project_id = {project_id}"
    " AND next_at <= {now} AND (lease_until IS NULL OR lease_until <= {now})"
    " ORDER BY next_at LIMIT {limit}"
)
_NAMES = ("team_id", "project_id", "now", "until", "limit")
_SQLITE = f"WITH due AS ({_DUE}) {_LEASE}".format(
    among="IN (SELECT job_id FROM due)",
    **{name: f"?{n}" for n, name in enumerate(_NAMES, start=1)},
)
# An array: PostgreSQL may look through the whole table for what could also be a join.
_POSTGRESQL = f"WITH due AS ({_DUE} FOR UPDATE SKIP LOCKED) {_LEASE}".format(
    among="= ANY (ARRAY(SELECT job_id FROM due))", **{name: f"%({name})s" for name in _NAMES}
)


class Look(NamedTuple):
    """What there is to do before and beside a claim: mostly nothing."""

    is_frozen: bool
    has_overdue_wishes: bool
    has_stale_cards: bool
    is_sweep_due: bool
    known_jobs: int


async def look(transaction: Transaction, team_id: str, project_id: str) -> Look:
    """Ask all of it at once, as each question of its own costs more than its answer."""
    about = {"team_id": team_id, "project_id": project_id, "now": transaction.now}
    return Look(*(await transaction.connection.execute(_LOOK, about)).one())


async def lease_due(
    transaction: Transaction, team_id: str, project_id: str, *, limit: int, lease: timedelta
) -> tuple[WatchedJob, ...]:
    """Take a batch of what is due and free, the longest due first; they come in no order."""
    connection, now = transaction.connection, transaction.now
    times = (now, now + lease)
    if connection.dialect.name == "sqlite":
        values = (team_id, project_id, *map(in_sqlite, times), limit)
        rows = (await connection.exec_driver_sql(_SQLITE, values)).all()
        read_time = cache(from_sqlite)  # many were read at once
        return tuple(_watched(team_id, project_id, row, read_time) for row in rows)
    named = dict(zip(_NAMES, (team_id, project_id, *times, limit), strict=True))
    rows = (await connection.exec_driver_sql(_POSTGRESQL, named)).all()
    return tuple(_watched(team_id, project_id, row, _in_utc) for row in rows)


def _in_utc(value: datetime) -> datetime:
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _watched(
    team_id: str, project_id: str, row: Sequence[Any], time_of: Callable[[Any], datetime]
) -> WatchedJob:
    job_id, status, name, description, service_url, train_url, resource_id, *told = row
    duration, created_at, read_at, sequence, epoch, absences, absent_since, recorded_at = told
    job = VisualizationJob(
        id=job_id,
        status=_LISTED.get(status) or JobStatus(status or JobStatus.UNKNOWN),
        read_at=time_of(read_at),
        name=name,
        description=description,
        service_url=service_url,
        train_url=train_url,
        resource_id=resource_id,
        duration=None if duration is None else duration * _MILLISECOND,
        created_at=created_at and time_of(created_at),
    )
    return WatchedJob(
        team_id=team_id,
        project_id=project_id,
        job=job,
        sequence=sequence,
        epoch=epoch,
        absences=absences,
        absent_since=absent_since and time_of(absent_since),
        recorded_at=recorded_at and time_of(recorded_at),
    )


_LISTED = {status.value: status for status in JobStatus}
_MILLISECOND = timedelta(milliseconds=1)
