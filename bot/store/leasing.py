"""Lease the watched jobs that are due: one look, and one statement past SQLAlchemy's types."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text

from bot.core.watch import Lease
from bot.store.columns import UtcTime, in_sqlite
from bot.store.database import Transaction

_OF_PROJECT = "team_id = {team_id} AND project_id = {project_id}"
_LOOK = text(
    (
        "SELECT EXISTS (SELECT 1 FROM workspace"  # noqa: S608 - ours
        "  WHERE team_id = {team_id} AND frozen_at IS NOT NULL),"
        f" EXISTS (SELECT 1 FROM subscription WHERE {_OF_PROJECT}"
        "  AND until <= {now} AND state <> 'ended'),"
        f" EXISTS (SELECT 1 FROM watched_job WHERE {_OF_PROJECT} AND stale_at <= {{now}}),"
        f" EXISTS (SELECT 1 FROM project WHERE {_OF_PROJECT} AND next_at <= {{now}}),"
        f" coalesce((SELECT known_jobs FROM project WHERE {_OF_PROJECT}), 0)"
    ).format(team_id=":team_id", project_id=":project_id", now=":now")
).bindparams(bindparam("now", type_=UtcTime))
_DUE = (
    f"SELECT {{key}} FROM watched_job WHERE {_OF_PROJECT}"  # noqa: S608 - ours
    " AND next_at <= {now} AND (lease_until IS NULL OR lease_until <= {now})"
    " ORDER BY next_at LIMIT {limit}"
)
_LEASE = "UPDATE watched_job SET epoch = epoch + 1, lease_until = {until}"
_NAMES = ("team_id", "project_id", "now", "until", "limit")
_SQLITE = (
    f"WITH due AS ({_DUE}) {_LEASE} WHERE rowid IN (SELECT rowid FROM due)"  # noqa: S608 - ours
    " RETURNING job_id, epoch"
).format(key="rowid", **{name: f"?{n}" for n, name in enumerate(_NAMES, start=1)})
# An array: PostgreSQL may look through the whole table for what could also be a join.
_POSTGRESQL = (
    f"WITH due AS ({_DUE} FOR UPDATE SKIP LOCKED) {_LEASE} WHERE {_OF_PROJECT}"  # noqa: S608
    " AND job_id = ANY (ARRAY(SELECT job_id FROM due)) RETURNING job_id, epoch"
).format(key="job_id", **{name: f"%({name})s" for name in _NAMES})


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
) -> tuple[Lease, ...]:
    """Take a batch of what is due and free, the longest due first; they come in no order."""
    connection, now = transaction.connection, transaction.now
    values = (team_id, project_id, now, now + lease, limit)
    if connection.dialect.name == "sqlite":
        spelled = tuple(in_sqlite(v) if isinstance(v, datetime) else v for v in values)
        leased = await connection.exec_driver_sql(_SQLITE, spelled)
    else:
        named = dict(zip(_NAMES, values, strict=True))
        leased = await connection.exec_driver_sql(_POSTGRESQL, named)
    rows: Sequence[Sequence[Any]] = leased.all()
    return tuple(Lease(team_id, job_id, epoch) for job_id, epoch in rows)
