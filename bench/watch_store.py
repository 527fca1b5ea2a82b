"""Measure watching on a full database: a poll, claims, a fan-out."""

import tempfile
from datetime import datetime, timedelta

from sqlalchemy import insert, text

from bench.meter import Measured, Meter, cpu_seconds_of
from bench.watch_cloud import LISTED, open_source, utc_now
from bench.watch_stub import PROJECT, members_of
from bot.catalog import Catalog
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.ports.store import Observation
from bot.core.project import Project
from bot.modelarts.payload import decode_job
from bot.store import SqlStore, migrate, open_store
from bot.store.database.rows import facts_of
from bot.store.database.tables import subscription, watched_job
from bot.watcher.pace import Pace
from bot.watcher.watcher import CLAIMED_AT_ONCE, Watcher

TEAM = "T0BENCH01"
OURS = Project(team_id=TEAM, project_id=PROJECT)
CLAIMED = 40_000
BATCH = CLAIMED_AT_ONCE
_FAN_OUT = 10_000


async def poll(url: str) -> Measured:
    """Measure one poll as the watcher does it: claim, read, compare and record every job."""
    with tempfile.TemporaryDirectory() as folder:
        store = await filled(f"sqlite:///{folder}/b.db", LISTED)
        async with open_source(url) as source:
            await source.check_login()
            watcher = Watcher(
                Catalog(source, clock=utc_now),
                store.watchlist,
                store.budget,
                pace=Pace(interval=60.0, calls_per_minute=0),
                clock=utc_now,
            )
            with Meter() as meter:
                await watcher.poll(OURS)
        with store._database.begin() as transaction:
            connection = transaction.connection
            pushed = connection.scalar(
                text("SELECT count(*) FROM watched_job WHERE epoch > 0 AND duration = 8040000")
            )
        await store.close()
    return meter.measured(pushed or 0)


async def claim(url: str) -> Measured:
    """Measure claiming and recording all jobs in batches, with the CPU of a PostgreSQL server."""
    store = await filled(url, CLAIMED)
    count, jobs = 0, listed(CLAIMED, read_at=utc_now())
    with store._database.begin() as transaction:
        connection = transaction.connection
        is_server = connection.dialect.name == "postgresql"
        server = connection.scalar(text("SELECT pg_backend_pid()")) if is_server else None
    with Meter((lambda: cpu_seconds_of(server)) if server else lambda: 0.0) as meter:
        while leases := (await store.watchlist.claim_due(OURS, limit=BATCH)).leases:
            seen = [Observation(lease=one, job=jobs[one.job_id]) for one in leases]
            next_in = {one.job_id: timedelta(seconds=60) for one in leases}
            await store.watchlist.record(seen, next_in=next_in)
            count += len(leases)
    await store.close()
    return meter.measured(count)


async def fan_out(_: str) -> Measured:
    """Measure recording one change that ten thousand places subscribe to."""
    with tempfile.TemporaryDirectory() as folder:
        store = await filled(f"sqlite:///{folder}/b.db", 1)
        rows = [subscription_row(f"C{number:08}", 1) for number in range(_FAN_OUT)]
        with store._database.begin() as transaction:
            connection = transaction.connection
            connection.execute(insert(subscription), rows)
        [lease] = (await store.watchlist.claim_due(OURS, limit=1)).leases
        with Meter() as meter:
            seen = Observation(lease=lease, job=_job(1, 12))
            await store.watchlist.record([seen], next_in={})
        counts = await store.history.counts(OURS)
        await store.close()
    return meter.measured(counts.open)


async def filled(url: str, watches: int, *, minutes_ahead: float = -1) -> SqlStore:
    """Return a store with `watches` running jobs, all due `minutes_ahead` minutes from now."""
    await migrate(url)
    store = open_store(url, clock=utc_now, interval=timedelta(seconds=60))
    due_at = utc_now() + timedelta(minutes=minutes_ahead)
    with store._database.begin() as transaction:
        connection = transaction.connection
        for first in range(1, watches + 1, 10_000):
            numbers = range(first, min(first + 10_000, watches + 1))
            connection.execute(insert(watched_job), [_row(n, due_at) for n in numbers])
        # PostgreSQL runs ANALYZE by itself about a minute after so many new rows.
        connection.execute(text("ANALYZE"))
    return store


def _row(number: int, due_at: datetime) -> dict[str, object]:
    """Return the row of a watched job that was read a while ago, and has only run on since then."""
    job = decode_job(members_of(number), asked=JobId(number), read_at=due_at)
    return {
        "team_id": TEAM,
        "project_id": PROJECT,
        "job_id": number,
        "status": job.status.value,
        **facts_of(job._replace(duration=timedelta(minutes=5))),
        "recorded_at": due_at,
        "is_gone": False,
        "sequence": 0,
        "absences": 0,
        "epoch": 0,
        "next_at": due_at,
    }


def listed(jobs: int, *, read_at: datetime) -> dict[JobId, VisualizationJob]:
    """Return the jobs of a list read at `read_at`: the watched jobs, with a longer duration."""
    return {
        JobId(number): decode_job(members_of(number), asked=JobId(number), read_at=read_at)
        for number in range(1, jobs + 1)
    }


def subscription_row(channel_id: str, number: int) -> dict[str, object]:
    """Return the row of a subscription of a place to a job."""
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
        "created_at": utc_now(),
        "state": "active",
    }


def _job(number: int, status: int) -> VisualizationJob:
    return VisualizationJob(
        id=JobId(number), status=JobStatus(status), read_at=utc_now(), name=f"run-{number}"
    )
