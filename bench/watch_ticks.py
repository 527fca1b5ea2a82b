"""Measure 50,000 watched jobs that come due evenly: one tick, and one APScheduler job each."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import quantiles

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import bindparam, update

from bench.meter import Measured, Meter
from bench.watch_cloud import utc_now
from bench.watch_store import OURS, TEAM, filled
from bench.watch_stub import PROJECT
from bot.core.ports.store import Lease
from bot.serve.ticker import Duty, start_ticking
from bot.store import SqlStore
from bot.store.database.tables import watched_job
from bot.watcher.watcher import CLAIMED_AT_ONCE

SCHEDULED = 50_000
_INTERVAL = timedelta(seconds=60)
_STEP = _INTERVAL / SCHEDULED
_WINDOW_SECONDS = 10.0


async def tick_for_all(_: str) -> Measured:
    """Measure one tick a second that claims the due jobs from the store.

    A lease is as long as the interval: a job that nobody records is due again after it.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = await filled(f"sqlite:///{folder}/b.db", SCHEDULED)
        served: list[tuple[float, Sequence[Lease]]] = []
        one_turn = asyncio.Lock()

        async def turn() -> float:
            async with one_turn:
                while True:
                    leases = (await store.watchlist.claim_due(OURS, limit=CLAIMED_AT_ONCE)).leases
                    served.append(((utc_now() - start).total_seconds(), leases))
                    if len(leases) < CLAIMED_AT_ONCE:
                        return 0.0

        start = await _spread_out(store)
        duty = Duty("watch", turn, monotonic=time.monotonic)
        with Meter() as meter:
            ticking = start_ticking([duty])
            await asyncio.sleep(_WINDOW_SECONDS)
        ticking.shutdown(wait=False)
        async with one_turn:  # the file is deleted next: no claim may be under way
            await duty.stop()
        await store.close()
    step = _STEP.total_seconds()
    late = [passed - one.job_id * step for passed, leases in served for one in leases]
    # All jobs that came due in the window must have been served, except those of its last tick.
    due = int((meter.wall - 1) / _INTERVAL.total_seconds() * SCHEDULED)
    return {
        **meter.measured(len(late)),
        "late": _p99(late),
        "dropped": max(due - len(late), 0),
    }


async def _spread_out(store: SqlStore) -> datetime:
    """Spread the due times evenly, and return the moment of the first one."""
    start = utc_now() + timedelta(seconds=8)
    times = [
        {"at_job": number, "due_at": start + number * _STEP} for number in range(1, SCHEDULED + 1)
    ]
    with store._database.begin() as transaction:
        connection = transaction.connection
        spread = update(watched_job).where(
            watched_job.c.team_id == TEAM,
            watched_job.c.project_id == PROJECT,
            watched_job.c.job_id == bindparam("at_job"),
        )
        connection.execute(spread.values(next_at=bindparam("due_at")), times)
    await asyncio.sleep(max((start - utc_now()).total_seconds(), 0.0))
    return start


async def job_for_each(_: str) -> Measured:
    """Measure one APScheduler job per watched job, in memory; its coroutine does nothing."""
    late: list[float] = []
    scheduler = AsyncIOScheduler(timezone="UTC")
    start = utc_now() + timedelta(seconds=8)

    async def fire(number: int) -> None:
        late.append((utc_now() - start - number * _STEP).total_seconds() % 60)

    for number in range(SCHEDULED):
        scheduler.add_job(
            fire,
            "interval",
            args=[number],
            seconds=60,
            next_run_time=start + number * _STEP,
            misfire_grace_time=None,
        )
    scheduler.start()
    await asyncio.sleep(max((start - utc_now()).total_seconds(), 0.0))
    with Meter() as meter:
        await asyncio.sleep(_WINDOW_SECONDS)
    scheduler.shutdown(wait=False)
    return {**meter.measured(len(late)), "late": _p99(late)}


def _p99(late: Sequence[float]) -> float:
    return quantiles(late, n=100)[98]
