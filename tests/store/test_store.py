"""The Store port over both databases."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import select

from bot.core.errors import StoreUnavailable
from bot.core.job import LARGEST_JOB_ID, JobId
from bot.core.ports.store import Store
from bot.core.project import Project
from bot.store import SqlStore, migrate
from bot.store.database.tables import last_asked
from bot.store.store import PROBE_DEADLINE
from tests.store.conftest import NOON, OpenStore
from tests.store.world import P1, P2, connected


async def test_nothing_is_remembered_of_a_stranger(store: SqlStore) -> None:
    assert await store.last_asked(P1, "U1") is None


async def test_the_latest_of_several_jobs_is_remembered(store: SqlStore) -> None:
    for number in (197, 205, LARGEST_JOB_ID):
        await store.remember_asked({(P1, "U1"): JobId(number)})

    assert await store.last_asked(P1, "U1") == LARGEST_JOB_ID


async def test_team_user_and_project_are_kept_apart(store: SqlStore) -> None:
    other = Project(team_id="T1", project_id="p2")
    known = [(P1, "U1"), (P1, "U2"), (P2, "U1"), (other, "U1")]

    for number, (project, user_id) in enumerate(known, start=1):
        await store.remember_asked({(project, user_id): JobId(number)})

    assert [await store.last_asked(*who) for who in known] == [1, 2, 3, 4]
    for project in (P2, other):
        assert await store.last_asked(project, "U2") is None


async def test_what_is_remembered_survives_a_restart(url: str, open_one: OpenStore) -> None:
    before = open_one(url)
    await before.remember_asked({(P1, "U1"): JobId(197)})
    await before.close()

    assert await open_one(url).last_asked(P1, "U1") == 197


async def test_hostile_text_is_only_text(store: SqlStore) -> None:
    hostile = "U1'; DROP TABLE last_asked; -- %s :x \u202e"

    await store.remember_asked({(P1, hostile): JobId(7)})

    assert await store.last_asked(P1, hostile) == 7
    assert await store.last_asked(P1, "U1") is None


async def test_many_at_once_all_succeed(url: str, open_one: OpenStore) -> None:
    stores = open_one(url), open_one(url)

    await asyncio.gather(
        *(
            stores[number % 2].remember_asked({(P1, f"U{number % 10}"): JobId(number)})
            for number in range(60)
        )
    )

    found = {await stores[0].last_asked(P1, f"U{number}") for number in range(10)}
    assert None not in found
    assert all(number is not None and number < 60 for number in found)


async def test_times_come_back_aware_and_in_utc(sqlite_url: str, open_one: OpenStore) -> None:
    await migrate(sqlite_url)
    berlin = NOON.astimezone(timezone(timedelta(hours=2)))
    store = open_one(sqlite_url, clock=lambda: berlin)
    await store.remember_asked({(P1, "U1"): JobId(1)})

    with connected(store) as connection:
        asked_at = connection.scalar(select(last_asked.c.asked_at))

    assert asked_at is not None
    assert (asked_at, asked_at.tzinfo) == (NOON, UTC)


async def test_a_naive_time_is_refused(sqlite_url: str, open_one: OpenStore) -> None:
    await migrate(sqlite_url)
    store = open_one(sqlite_url, clock=lambda: datetime(2026, 3, 1, 12))  # noqa: DTZ001 - the point

    with pytest.raises(StoreUnavailable, match="without a zone"):
        await store.remember_asked({(P1, "U1"): JobId(1)})


async def test_a_ready_database_is_good(store: SqlStore) -> None:
    condition = await store.check()

    assert condition.is_good
    assert (condition.problem, condition.cure) == ("", "")


async def test_an_empty_database_is_reachable_but_has_no_schema(
    empty_url: str, open_one: OpenStore
) -> None:
    condition = await open_one(empty_url).check()

    assert (condition.is_reachable, condition.has_schema) == (True, False)
    assert "no tables" in str(condition.problem)
    assert "visjob migrate" in str(condition.cure)


async def test_a_call_without_tables_says_so(empty_url: str, open_one: OpenStore) -> None:
    with pytest.raises(StoreUnavailable, match="last_asked") as caught:
        await open_one(empty_url).last_asked(P1, "U1")

    assert caught.value.hint


SOON = timedelta(seconds=1.5)
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.mark.slow
async def test_a_database_that_hangs_is_asked_once_reported_in_time_and_recovers(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    store = open_one(postgresql_url)
    loop = asyncio.get_running_loop()
    with psycopg.connect(postgresql_url) as blocker:
        blocker.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        start = loop.time()
        checks = asyncio.gather(*(store.check(within=SOON) for _ in range(20)))
        await asyncio.wait({checks}, timeout=1)
        [connections] = blocker.execute(f"SELECT count(*) {OTHERS}").fetchone() or ()
        conditions = await checks
        took = loop.time() - start

    assert took < 2
    assert connections == 1
    assert {condition.is_reachable for condition in conditions} == {False}
    assert "no answer within 1.5 s" in str(conditions[0].problem)
    assert (await store.check()).is_good


async def test_one_dead_connection_does_not_make_the_database_unreachable(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    store = open_one(postgresql_url)
    await store.check()
    with psycopg.connect(postgresql_url) as other:
        other.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")

    assert (await store.check()).is_good


@pytest.mark.slow
async def test_a_late_check_of_a_hanging_database_gets_the_same_answer(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    store = open_one(postgresql_url)
    with psycopg.connect(postgresql_url) as blocker:
        blocker.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        first = asyncio.create_task(store.check(within=SOON))
        await asyncio.wait({first}, timeout=1)
        late = await store.check()

    assert (await first).is_reachable is late.is_reachable is False


@pytest.mark.slow
async def test_a_server_that_accepts_and_says_nothing_is_reported_in_time(
    open_one: OpenStore,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = open_one(f"postgres://u:canary@127.0.0.1:{port}/d")

        async with asyncio.timeout(5):
            condition = await store.check(within=SOON)
            await store.close()

    assert not condition.is_reachable
    assert "canary" not in repr(condition)


@asynccontextmanager
async def slow_way_to(url: str, *, seconds: float) -> AsyncIterator[str]:
    """The URL of the same database behind a network that takes this long for each answer."""
    parts = conninfo_to_dict(url)
    socket_file = f"{parts['host']}/.s.PGSQL.{parts.get('port', 5432)}"

    async def carry(source: asyncio.StreamReader, to: asyncio.StreamWriter, wait: float) -> None:
        while sent := await source.read(65536):
            await asyncio.sleep(wait)
            to.write(sent)
        to.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, to_them = await asyncio.open_unix_connection(socket_file)
        await asyncio.gather(carry(reader, to_them, 0), carry(theirs, writer, seconds))

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://{parts['user']}@127.0.0.1:{port}/{parts['dbname']}"


async def test_a_slow_database_answers_a_patient_check(
    postgresql_url: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    async with slow_way_to(postgresql_url, seconds=0.2) as url:
        store = open_one(url)
        asked_soon = await store.check(within=SOON)
        probed = await store.check(within=PROBE_DEADLINE)
        await store.close()

    assert not asked_soon.is_reachable
    assert probed.is_good, "a slow database is ready: it answers people late, and not never"


async def test_a_closed_port_is_reported_with_a_cure(
    open_one: OpenStore, unused_tcp_port: int
) -> None:
    store = open_one(f"postgres://u:canary@127.0.0.1:{unused_tcp_port}/d")

    condition = await store.check()
    with pytest.raises(StoreUnavailable) as caught:
        await store.last_asked(P1, "U1")

    assert "refused" in str(condition.problem)
    assert "DATABASE_URL" in str(condition.cure)
    assert "canary" not in repr(condition) + str(caught.value) + str(caught.value.hint)


def test_the_store_fits_its_port(store: SqlStore) -> None:
    port: Store = store

    assert port is store
