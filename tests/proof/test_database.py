"""A database that fails under load: every change is posted once and in order, and none is lost.

The real watcher, courier and store in real time; the cloud and Slack never fail here.
`VISJOB_PROOF=full` tries ten thousand changes.
"""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from bot.store import SqlStore, migrate, open_store
from tests.databases import postgresql_started, refuse_writes, take_writes
from tests.proof.extent import IS_FULL, Results, size
from tests.proof.load import INTERVAL, TIMING, Load, Shelf, utc_now
from tests.proof.outages import Disk, Server, exhaust, hold_locks, lock_file
from tests.proof.proxy import Break, Proxy

JOBS = size("JOBS", short=8, full=150)
ROUNDS = size("ROUNDS", short=1, full=30)
LEAST_BROKEN = 3
TABLES = ("delivery", "watched_job", "card", "change")


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL server that no other test uses."""
    with postgresql_started() as started:
        made = Server(started)
        yield made
        made.stop()


@pytest.fixture
async def proxy(server: Server) -> AsyncIterator[Proxy]:
    made = Proxy(f"{server.folder}/.s.PGSQL.5432")
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def direct_url(server: Server) -> str:
    """The URL of a new database with our tables, without the proxy."""
    name = f"test_{uuid.uuid4().hex}"
    async with await psycopg.AsyncConnection.connect(server.uri, autocommit=True) as admin:
        await admin.execute(f"CREATE DATABASE {name}".encode())
    url = server.uri.replace("/postgres?", f"/{name}?")
    await migrate(url)
    return url


@pytest.fixture
def proxied_url(direct_url: str, proxy: Proxy) -> str:
    """The URL of the same database through the proxy."""
    name = direct_url.partition("?")[0].rpartition("/")[2]
    return f"postgresql://postgres@127.0.0.1:{proxy.port}/{name}?sslmode=disable"


@asynccontextmanager
async def loaded(*urls: str, slack: Shelf, jobs: int = JOBS) -> AsyncIterator[Load]:
    """Run the workers of a store for each of these URLs."""
    stores = [a_store(url) for url in urls]
    load = Load(*stores, jobs=jobs, slack=slack)
    await load.start()
    try:
        yield load
    finally:
        await load.stop()
        for store in stores:
            await store.close()


def a_store(url: str) -> SqlStore:
    """Open a store with short leases, so that the test is short."""
    return open_store(
        url,
        clock=utc_now,
        lease=TIMING.lease,
        settle=TIMING.settle,
        interval=INTERVAL,
    )


@pytest.mark.timeout(4 * 3600 if IS_FULL else 240)
async def test_a_server_that_crashes_and_connections_that_break_lose_and_double_nothing(
    server: Server, proxy: Proxy, proxied_url: str, direct_url: str, results: Results
) -> None:
    dice = random.Random(9)  # noqa: S311 - weather, not a secret
    async with loaded(proxied_url, proxied_url, slack=Shelf()) as load:
        for _ in range(ROUNDS):
            for mode in ("immediate", "fast"):
                for _ in range(6):
                    proxy.break_next(dice.choice(list(Break)[:3]))
                    await asyncio.sleep(0.2)
                await server.restart(mode, down_for=dice.choice((0, 0.5, 1)))
                await asyncio.sleep(1)
            await hold_locks(direct_url, dice.choice(TABLES), seconds=2.5)
            await exhaust(load.stores[0], seconds=1.5)
        proxy.spare()
        await load.finish()
        changes = await load.check()
    results.add(
        "database: restarts, cut connections, locks, no connection left",
        f"{changes} changes",
        faults=f"{server.restarts} restarts, {proxy.broken} cuts",
        worst=f"{load.slack.worst_delay:.0f} s",
    )
    assert changes >= 2 * JOBS * ROUNDS
    assert proxy.broken >= LEAST_BROKEN * ROUNDS


@pytest.mark.timeout(240)
async def test_a_failover_loses_and_doubles_nothing(server: Server, direct_url: str) -> None:
    async with loaded(direct_url, direct_url, slack=Shelf()) as load:
        await asyncio.sleep(1)
        await server.restart_as_standby()
        await asyncio.sleep(2)
        assert not (await load.stores[0].check()).is_good
        await server.promote()
        await load.finish()

        assert await load.check() >= JOBS


@pytest.mark.timeout(240)
async def test_connections_that_were_opened_to_a_read_only_server_lose_and_double_nothing(
    direct_url: str,
) -> None:
    async with loaded(direct_url, direct_url, slack=Shelf()) as load:
        await asyncio.sleep(1)
        refuse_writes(direct_url, is_now=True)
        await asyncio.sleep(2)
        assert not (await load.stores[0].check()).is_good
        take_writes(direct_url)
        await load.finish()

        assert await load.check() >= JOBS


@pytest.mark.timeout(240)
async def test_a_connection_that_falls_silent_loses_and_doubles_nothing(
    proxy: Proxy, proxied_url: str, direct_url: str
) -> None:
    async with loaded(proxied_url, direct_url, slack=Shelf()) as load:
        await asyncio.sleep(0.5)
        for _ in range(2):
            proxy.break_next(Break.SILENCE)
        await load.until(lambda: proxy.broken == 2)
        await load.finish()

        assert await load.check() >= JOBS


@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", [Break.AFTER_COMMIT, Break.BEFORE_COMMIT])
async def test_a_post_whose_record_is_lost_is_not_posted_again(
    how: Break, proxy: Proxy, proxied_url: str, results: Results
) -> None:
    async with loaded(proxied_url, slack=lossy(proxy, how)) as load:
        await load.until(lambda: proxy.broken >= LEAST_BROKEN * ROUNDS)
        load.slack.after_post = nothing
        proxy.spare()
        await load.finish()
        changes = await load.check()

    results.add(f"database: cut {how.value}", f"{changes} changes", faults=proxy.broken)
    assert changes >= JOBS


@pytest.mark.timeout(240)
async def test_who_does_not_look_posts_again_what_was_not_recorded(
    proxy: Proxy, proxied_url: str, results: Results
) -> None:
    slack = lossy(proxy, Break.BEFORE_COMMIT, every=1)
    slack.is_blind = True
    async with loaded(proxied_url, slack=slack) as load:
        await load.until(lambda: load.doubled() > 0)

    results.add(
        "control: cut before the commit, and posted again without looking",
        f"{len(slack.shown)} posts",
        faults=proxy.broken,
        doubled=load.doubled(),
    )


@pytest.mark.timeout(240)
async def test_a_full_disk_loses_and_doubles_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'visjob.db'}"
    await migrate(url)
    async with loaded(url, slack=Shelf()) as load:
        disk = Disk(load.stores[0])
        for number in range(1, 4):
            await asyncio.sleep(1)
            disk.is_full = True
            await load.until(lambda number=number: disk.refusals >= number)  # type: ignore[misc]
            disk.is_full = False
        await load.finish()

        assert await load.check() >= JOBS


@pytest.mark.timeout(240)
async def test_a_file_that_another_process_locks_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "visjob.db"
    await migrate(f"sqlite:///{path}")
    async with loaded(f"sqlite:///{path}", slack=Shelf()) as load:
        for seconds in (1.0, 6.0):
            await asyncio.sleep(0.5)
            await lock_file(path, seconds=seconds)
        await load.finish()

        assert await load.check() >= JOBS


def nothing() -> None:
    """Do nothing after a post."""


def lossy(proxy: Proxy, how: Break, *, every: int = 3) -> Shelf:
    """Make a Slack after whose every third post (or `every`) a database connection breaks."""
    slack = Shelf()

    def after_post() -> None:
        if len(slack.shown) % every == 0:
            proxy.break_next(how)

    slack.after_post = after_post
    return slack
