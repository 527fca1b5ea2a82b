"""One measurement of the watching half, in a process of its own: `python -m bench.watch_load NAME`.

Each prints one JSON object: CPU seconds, wall seconds, and what else it counted.
"""

import asyncio
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import uvloop
from sqlalchemy import insert, text

from bench.watch_stub import LISTED_JOBS, PROJECT, members_of
from bot.app import spare_collector
from bot.catalog import Catalog
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.pace import Pace
from bot.core.ports import Observation
from bot.modelarts.auth import KeySigning
from bot.modelarts.client import ModelArts
from bot.modelarts.payload import decode_job
from bot.store import SqlStore, migrate, open_store
from bot.store.rows import facts_of
from bot.store.tables import subscription, watched_job
from bot.watcher import Watcher

TEAM = "T0BENCH01"
WATCHES = 100_000
SINGLE_GETS = 2_000
FAN_OUT = 10_000
_BATCH = 500


class Meter:
    """CPU and wall time of a block."""

    def __enter__(self) -> "Meter":
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() - self._cpu


def _now() -> datetime:
    return datetime.now(UTC)


def _client(url: str) -> ModelArts:
    login = KeySigning(access_key="A" * 20, secret_key="s" * 40, project_id=PROJECT, clock=_now)
    return ModelArts(
        endpoint=url, project_id=PROJECT, login=login, clock=_now, monotonic=time.monotonic
    )


async def _sweep(url: str) -> dict[str, float]:
    """Our own reading of the whole list."""
    client = _client(url)
    await client.check_login()
    with Meter() as meter:
        jobs = await client.list_all()
    await client.close()
    return {"cpu": meter.cpu, "wall": meter.wall, "count": len(jobs)}


async def _naive(url: str) -> dict[str, float]:
    """One GET for each job, fifty at a time, as httpx's first page shows it."""
    limit = asyncio.Semaphore(50)

    async def get(client: httpx.AsyncClient, number: int) -> None:
        async with limit:
            answer = await client.get(f"{url}/v1/{PROJECT}/visualization-jobs/{number}")
            answer.json()

    async with httpx.AsyncClient() as client:
        await get(client, 1)
        with Meter() as meter:
            await asyncio.gather(*(get(client, n) for n in range(1, SINGLE_GETS + 1)))
    return {"cpu": meter.cpu, "wall": meter.wall, "count": SINGLE_GETS}


class _Row(msgspec.Struct):
    job_id: int
    status: int
    job_name: str
    job_desc: str
    service_url: str
    train_url: str
    resource_id: str
    duration: int
    create_time: int


class _Page(msgspec.Struct):
    job_total_count: int
    jobs: list[_Row]


async def _floor(url: str) -> dict[str, float]:
    """The same pages over one bare socket, into typed values by the quickest decoder there is."""
    decode = msgspec.json.Decoder(_Page).decode
    jobs: dict[int, _Row] = {}
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**20)
    pages = WATCHES // LISTED_JOBS
    with Meter() as meter:
        for page in range(1, pages + 1):
            path = f"/v1/{PROJECT}/visualization-jobs?page={page}&per_page={LISTED_JOBS}"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(head.rpartition(b"ength: ")[2]))
            jobs |= {row.job_id: row for row in decode(body).jobs}
    writer.close()
    return {"cpu": meter.cpu, "wall": meter.wall, "count": len(jobs)}


async def _poll(url: str) -> dict[str, float]:
    """Claim, fetch, compare and push on every watch, as the watcher does."""
    with tempfile.TemporaryDirectory() as folder:
        store = await _filled(f"sqlite:///{folder}/b.db", WATCHES)
        client = _client(url)
        await client.check_login()
        watcher = Watcher(
            Catalog(client, clock=_now),
            store.watchlist,
            store.budget,
            team_id=lambda: TEAM,
            pace=Pace(interval=60.0, calls_per_minute=0),
            clock=_now,
        )
        with Meter() as meter:
            await watcher.poll()
        async with store._database.engine.begin() as connection:
            pushed = await connection.scalar(
                text("SELECT count(*) FROM watched_job WHERE epoch > 0 AND duration = 8040000")
            )
        await client.close()
        await store.close()
    return {"cpu": meter.cpu, "wall": meter.wall, "count": pushed or 0}


async def _claim(url: str) -> dict[str, float]:
    """Claim everything in batches and push it on, nothing changed."""
    store = await _filled(url, 10_000)
    count = 0
    with Meter() as meter:
        while jobs := (await store.watchlist.claim_due(TEAM, limit=_BATCH)).jobs:
            seen = [Observation(watched=one, job=one.job) for one in jobs]
            next_in = {one.job.id: timedelta(seconds=60) for one in jobs}
            await store.watchlist.record(seen, next_in=next_in)
            count += len(jobs)
    await store.close()
    return {"cpu": meter.cpu, "wall": meter.wall, "count": count}


async def _claim_sqlite(_: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return await _claim(f"sqlite:///{folder}/b.db")


async def _claim_raw(_: str) -> dict[str, float]:
    """The same claim and the same writes through the driver alone."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/b.db"
        await (await _filled(url, 10_000)).close()
        file = sqlite3.connect(f"{folder}/b.db", isolation_level=None)
        file.execute("PRAGMA synchronous = FULL")
        with Meter() as meter:
            count = 0
            while rows := _claim_once(file):
                file.execute("BEGIN IMMEDIATE")
                file.executemany(
                    "UPDATE watched_job SET epoch = epoch + 1, lease_until = NULL, status = ?,"
                    " next_at = '2999-01-01 00:00:00.000000' WHERE team_id = ? AND project_id = ?"
                    " AND job_id = ? AND epoch = ?",
                    [(8, TEAM, PROJECT, row[2], row[-4]) for row in rows],
                )
                file.execute("COMMIT")
                count += len(rows)
        file.close()
    return {"cpu": meter.cpu, "wall": meter.wall, "count": count}


def _claim_once(file: sqlite3.Connection) -> list[tuple[int, ...]]:
    file.execute("BEGIN IMMEDIATE")
    rows = file.execute(
        "UPDATE watched_job SET epoch = epoch + 1, lease_until = '2999-01-01 00:00:00.000000'"
        " WHERE rowid IN (SELECT rowid FROM watched_job WHERE team_id = ? AND project_id = ?"
        " AND next_at <= '2998-01-01' AND lease_until IS NULL ORDER BY next_at LIMIT 500)"
        " RETURNING *",
        (TEAM, PROJECT),
    ).fetchall()
    file.execute("COMMIT")
    return rows


async def _fan_out(_: str) -> dict[str, float]:
    """One change for ten thousand places."""
    with tempfile.TemporaryDirectory() as folder:
        store = await _filled(f"sqlite:///{folder}/b.db", 1)
        rows = [_wish_row(f"C{number:08}", 1) for number in range(FAN_OUT)]
        async with store._database.writer.begin() as connection:
            await connection.execute(insert(subscription), rows)
        [watched] = (await store.watchlist.claim_due(TEAM, limit=1)).jobs
        with Meter() as meter:
            seen = Observation(watched=watched, job=_job(1, 12))
            await store.watchlist.record([seen], next_in={})
        counts = await store.ledger.counts(TEAM)
        await store.close()
    return {"cpu": meter.cpu, "wall": meter.wall, "count": counts.open}


def _peak_bytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def _filled(url: str, watches: int, *, minutes_ahead: float = -1) -> SqlStore:
    """A store that watches so many running jobs, all due at that time from now."""
    await migrate(url)
    store = open_store(url, project_id=PROJECT, clock=_now, interval=timedelta(seconds=60))
    due_at = _now() + timedelta(minutes=minutes_ahead)
    async with store._database.writer.begin() as connection:
        for first in range(1, watches + 1, 10_000):
            numbers = range(first, min(first + 10_000, watches + 1))
            await connection.execute(insert(watched_job), [_row(n, due_at) for n in numbers])
    return store


def _row(number: int, due_at: datetime) -> dict[str, object]:
    """A watched job as it was known a while ago: it has only run on since then."""
    job = decode_job(members_of(number), asked=JobId(number), read_at=due_at)
    return {
        "team_id": TEAM,
        "project_id": PROJECT,
        "job_id": number,
        "status": job.status.value,
        **facts_of(replace(job, duration=timedelta(minutes=5))),
        "recorded_at": due_at,
        "is_gone": False,
        "sequence": 0,
        "absences": 0,
        "epoch": 0,
        "next_at": due_at,
    }


def _wish_row(channel_id: str, number: int) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "project_id": PROJECT,
        "channel_id": channel_id,
        "target_kind": "job",
        "target": str(number),
        "job_id": number,
        "wanted": "all",
        "telling": "thread",
        "created_by": "U1",
        "created_at": _now(),
        "state": "active",
    }


def _job(number: int, status: int) -> VisualizationJob:
    return VisualizationJob(
        id=JobId(number), status=JobStatus(status), read_at=_now(), name=f"run-{number}"
    )


MEASUREMENTS: dict[str, Callable[[str], Awaitable[dict[str, float]]]] = {
    "sweep": _sweep,
    "naive": _naive,
    "floor": _floor,
    "poll": _poll,
    "claim": _claim_sqlite,
    "claim-raw": _claim_raw,
    "fan-out": _fan_out,
}


def main() -> None:
    """Measure one thing; the stub's URL is the second argument."""
    name, url = sys.argv[1:]
    spare_collector()  # as `serve` does
    print(json.dumps(uvloop.run(_run(MEASUREMENTS[name], url))))


async def _run(measure: Callable[[str], Awaitable[dict[str, float]]], url: str) -> dict[str, float]:
    return await measure(url)


if __name__ == "__main__":
    main()
