"""Measure claims through the drivers alone, written as usual: each row is marked and returned."""

import sqlite3
import tempfile
from datetime import timedelta

import orjson
import psycopg

from bench.meter import Measured, Meter, cpu_seconds_of
from bench.watch_cloud import utc_now
from bench.watch_store import BATCH, CLAIMED, TEAM, filled
from bench.watch_stub import PROJECT

_COLUMNS = (
    "job_id, status, name, description, service_url, train_url, resource_id, duration,"
    " created_at, read_at, sequence, epoch, absences, absent_since"
)
_EPOCH = 11
_DUE = (
    "SELECT job_id FROM watched_job WHERE team_id = {team} AND project_id = {project}"
    " AND next_at <= {now} AND (lease_until IS NULL OR lease_until <= {now})"
    " ORDER BY next_at LIMIT {limit}"
)
_CLAIM = (
    "UPDATE watched_job SET epoch = epoch + 1, lease_until = {until}"  # noqa: S608 - our own
    " WHERE team_id = {team} AND project_id = {project} AND job_id {among}"
    f" RETURNING {_COLUMNS}"
)
_PUSH = (
    "UPDATE watched_job SET epoch = watched_job.epoch + 1, lease_until = NULL, next_at = {next},"
    " read_at = {now}, recorded_at = {now}, duration = {duration}"
)


async def claim_sqlite(_: str) -> Measured:
    """Measure claims through the `sqlite3` module."""
    with tempfile.TemporaryDirectory() as folder:
        await (await filled(f"sqlite:///{folder}/b.db", CLAIMED)).close()
        file = sqlite3.connect(f"{folder}/b.db", isolation_level=None)
        file.execute("PRAGMA synchronous = FULL")
        with Meter() as meter:
            count = 0
            while rows := _claim_once(file):
                _push_once(file, rows)
                count += len(rows)
        file.close()
    return meter.measured(count)


def _claim_once(file: sqlite3.Connection) -> list[tuple[object, ...]]:
    names = {"team": "?1", "project": "?2", "now": "?3", "until": "?4", "limit": str(BATCH)}
    names["among"] = "IN (SELECT job_id FROM due)"
    claim = f"WITH due AS ({_DUE}) {_CLAIM}".format(**names)
    file.execute("BEGIN IMMEDIATE")
    rows = file.execute(claim, (TEAM, PROJECT, _text(0), _text(60))).fetchall()
    file.execute("COMMIT")
    return rows


def _push_once(file: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    push = _PUSH.format(next="?1", now="?2", duration="?3")
    where = "WHERE team_id = ?4 AND project_id = ?5 AND job_id = ?6 AND epoch = ?7"
    next_at, now = _text(60), _text(0)
    values = [(next_at, now, row[7], TEAM, PROJECT, row[0], row[_EPOCH]) for row in rows]
    file.execute("BEGIN IMMEDIATE")
    file.executemany(f"{push} {where}", values)
    file.execute("COMMIT")


def _text(seconds: float) -> str:
    at = utc_now() + timedelta(seconds=seconds)
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


async def claim_postgresql(url: str) -> Measured:
    """Measure claims through psycopg, including the CPU of the server."""
    await (await filled(url, CLAIMED)).close()
    async with await psycopg.AsyncConnection.connect(url, prepare_threshold=None) as connection:
        server = connection.info.backend_pid
        with Meter(lambda: cpu_seconds_of(server)) as meter:
            count = 0
            while pushed := await _claim_and_push(connection):
                count += pushed
    return meter.measured(count)


async def _claim_and_push(connection: psycopg.AsyncConnection) -> int:
    names = {"team": "%(team)s", "project": "%(project)s", "now": "now()", "limit": str(BATCH)}
    names["until"] = "now() + interval '60 s'"
    names["among"] = "= ANY (ARRAY(SELECT job_id FROM due))"
    claim = f"WITH due AS ({_DUE} FOR UPDATE SKIP LOCKED) {_CLAIM}".format(**names)
    fixed = {"team": TEAM, "project": PROJECT}
    async with connection.transaction():
        rows = await (await connection.execute(claim, fixed)).fetchall()
    if not rows:
        return 0
    told = [{"job_id": r[0], "epoch": r[_EPOCH], "duration": r[7]} for r in rows]
    push = _PUSH.format(next=names["until"], now="now()", duration="told.duration")
    async with connection.transaction():
        await connection.execute(
            f"{push} FROM json_to_recordset(%(rows)s)"
            " AS told (job_id bigint, epoch bigint, duration bigint)"
            " WHERE team_id = %(team)s AND project_id = %(project)s"
            " AND watched_job.job_id = told.job_id AND watched_job.epoch = told.epoch",
            fixed | {"rows": orjson.dumps(told).decode()},
        )
    return len(rows)
