"""A database with a past, for the commands that print it."""

from datetime import timedelta

from bot.core.ports.store import Observation
from bot.core.project import Project
from bot.serve.clock import utc_now
from bot.store import migrate, open_store
from tests.fakes import ManualClock
from tests.store.world import a_subscription, job

P1 = Project(team_id="T1", project_id="p1")


async def record_a_life(url: str) -> None:
    """Make a database in which flowers-tb was queued for an hour and ran for two, and is gone."""
    await migrate(url)
    now = utc_now()
    store = open_store(url, clock=lambda: now - timedelta(hours=4))
    first = job(205, 7, name="flowers-tb")._replace(read_at=now - timedelta(hours=4))
    await store.subscriptions.subscribe(a_subscription(), baseline=first)
    await store.subscriptions.subscribe(
        a_subscription(231),
        baseline=job(231, 12, name="flowers-xl")._replace(read_at=first.read_at),
    )
    await store.close()
    for status, hours in ((8, 3), (12, 1)):
        at = now - timedelta(hours=hours)
        store = open_store(url, clock=ManualClock(at), interval=timedelta(hours=2))
        due = await store.watchlist.claim_due(P1, limit=9)
        read = job(205, status, name="flowers-tb")._replace(read_at=at)
        seen = [Observation(one, read) for one in due.leases if one.job_id == 205]
        await store.watchlist.record(seen, next_in={})
        await store.close()
