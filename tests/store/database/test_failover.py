"""A PostgreSQL that changes under open connections: read-only for a while, or gone for a moment."""

import asyncio

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.core.ports.store import Sweep
from bot.core.subscription import ProjectTarget
from bot.store import SqlStore, migrate
from bot.store.database.database import Database, Transaction
from tests.databases import end_sessions, postgresql_running, refuse_writes, take_writes
from tests.fakes import ManualClock
from tests.store.conftest import OpenStore
from tests.store.world import NOON, P1, World, a_subscription, job

POOLED = 4


@pytest.fixture
async def ready_url(postgresql_url: str) -> str:
    """A PostgreSQL database with our tables."""
    await migrate(postgresql_url)
    return postgresql_url


async def fill_pool(store: SqlStore) -> None:
    """Open every connection that the pool keeps."""
    await asyncio.gather(*(store.last_asked(P1, f"U{number}") for number in range(POOLED)))


async def opened_while_read_only(url: str, open_one: OpenStore) -> SqlStore:
    """A store whose pool is full of connections that refuse writes."""
    refuse_writes(url)
    store = open_one(url)
    await fill_pool(store)
    return store


@pytest.mark.slow
async def test_writes_go_on_where_the_pool_was_opened_while_the_server_was_read_only(
    ready_url: str, open_one: OpenStore
) -> None:
    store = await opened_while_read_only(ready_url, open_one)
    take_writes(ready_url)

    for number in range(2 * POOLED):
        await store.remember_asked({(P1, f"U{number}"): JobId(number)})

    assert await store.last_asked(P1, "U5") == 5


async def test_one_refusal_drops_every_connection_that_is_as_old(
    ready_url: str, open_one: OpenStore
) -> None:
    store = await opened_while_read_only(ready_url, open_one)
    take_writes(ready_url)
    await store.remember_asked({(P1, "U1"): JobId(1)})
    tries = 0

    def write(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        transaction.connection.execute(text("DELETE FROM last_asked WHERE job_id = 9"))

    await asyncio.gather(*(store._database.write(write) for _ in range(POOLED)))

    assert tries == POOLED


async def test_while_writes_are_refused_a_check_says_so_and_then_is_good_by_itself(
    ready_url: str, open_one: OpenStore
) -> None:
    store = await opened_while_read_only(ready_url, open_one)

    refused = await store.check()
    with pytest.raises(StoreUnavailable, match="read-only") as caught:
        await store.remember_asked({(P1, "U1"): JobId(1)})
    take_writes(ready_url)

    assert not refused.is_good
    assert "read-only" in str(refused.problem)
    assert "standby" in str(refused.cure) == str(caught.value.hint)
    assert (await store.check()).is_good


async def test_a_store_over_a_read_only_database_starts_and_reads(
    ready_url: str, open_one: OpenStore
) -> None:
    store = await opened_while_read_only(ready_url, open_one)

    await store.prepare()

    assert await store.last_asked(P1, "U1") is None


async def test_sessions_that_the_server_ended_cost_nobody_a_write(
    ready_url: str, open_one: OpenStore
) -> None:
    store = open_one(ready_url)
    await fill_pool(store)
    with psycopg.connect(ready_url, autocommit=True) as admin:
        end_sessions(admin)

    await asyncio.gather(
        *(store.remember_asked({(P1, f"U{number}"): JobId(number)}) for number in range(POOLED))
    )

    assert await store.last_asked(P1, "U3") == 3


@pytest.mark.slow
async def test_of_several_hosts_the_one_that_takes_writes_is_used(
    ready_url: str, open_one: OpenStore
) -> None:
    found = conninfo_to_dict(ready_url)
    refuse_writes(ready_url)
    with postgresql_running() as other:
        with psycopg.connect(other, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {found['dbname']}".encode())
        hosts = f"{found['host']},{conninfo_to_dict(other)['host']}"
        both = ready_url.replace(str(found["host"]), hosts)
        await migrate(both)
        store = open_one(both)

        await store.remember_asked({(P1, "U1"): JobId(1)})

        assert (await store.check()).is_good
        await store.close()


@pytest.mark.slow
async def test_a_refusal_in_a_list_that_is_taken_apart_leaves_out_no_job(
    ready_url: str, open_one: OpenStore
) -> None:
    store = open_one(ready_url)
    world = World(store, ManualClock(NOON))
    await world.subscribe(a_subscription(ProjectTarget()))
    await world.sweep(job(1, 7))
    await world.make_due()
    epoch = (await store.watchlist.claim_due(P1, limit=9)).sweep_epoch
    assert epoch is not None
    with psycopg.connect(ready_url, autocommit=True) as admin:
        admin.execute(
            "CREATE SEQUENCE refusals; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN IF nextval('refusals') = 1 THEN"
            " RAISE EXCEPTION 'refused' USING ERRCODE = '25006'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION refuse()"
        )

    changes = await store.watchlist.record(
        [], next_in={}, sweep=Sweep(epoch, [job(1, 8, at=30), job(2, 1, at=30)]), is_careful=True
    )

    assert sorted(change.job.id for change in changes) == [1, 2]


ADD = text("INSERT INTO last_asked VALUES ('T1', 'U1', 'p1', :number, now())")
#: How a server refuses in the middle of a transaction, after it took a row.
REFUSALS = [
    ("25006", "it became a standby"),
    ("25P02", "it says that the transaction has failed before"),
    ("57P01", "it is stopped"),
    ("57P02", "it crashed"),
    ("57P03", "it does not take connections yet"),
    ("08006", "the connection failed"),
    ("08P01", "PgBouncer lost its server"),
]


def refuse(code: str) -> str:
    """A statement that ends with this code."""
    return f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{code}'; END $$"


@pytest.mark.parametrize(("code", "why"), REFUSALS)
async def test_a_transaction_that_was_refused_midway_runs_once_more_and_counts_once(
    code: str, why: str, ready_url: str, open_one: OpenStore
) -> None:
    database = open_one(ready_url)._database
    sessions: list[int] = []

    def write(transaction: Transaction) -> None:
        sessions.append(transaction.connection.scalar(text("SELECT pg_backend_pid()")))
        transaction.connection.execute(ADD, {"number": len(sessions)})
        if len(sessions) == 1:
            transaction.connection.execute(text(refuse(code)))

    await database.write(write)

    assert len(set(sessions)) == 2, why
    assert await asked_jobs(database) == [2]


async def test_a_transaction_that_is_always_refused_ends_after_three_tries(
    ready_url: str, open_one: OpenStore
) -> None:
    tries = 0

    def write(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        transaction.connection.execute(text(refuse("57P01")))

    with pytest.raises(StoreUnavailable, match="refused"):
        await open_one(ready_url)._database.write(write)

    assert tries == 3


@pytest.mark.slow
async def test_an_error_of_the_statement_is_not_tried_again_and_keeps_the_connection(
    ready_url: str, open_one: OpenStore
) -> None:
    sessions: list[int] = []

    def write(transaction: Transaction) -> None:
        sessions.append(transaction.connection.scalar(text("SELECT pg_backend_pid()")))
        transaction.connection.execute(text("SELECT * FROM no_such_table"))

    store = open_one(ready_url)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="no_such_table"):
            await store._database.write(write)

    assert len(sessions) == 2
    assert len(set(sessions)) == 1


async def test_a_commit_whose_end_nobody_knows_is_not_tried_again(
    ready_url: str, open_one: OpenStore
) -> None:
    with psycopg.connect(ready_url, autocommit=True) as admin:
        admin.execute(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
            "CREATE CONSTRAINT TRIGGER stop AFTER INSERT ON last_asked"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stop()"
        )
    tries = 0

    def write(transaction: Transaction) -> None:
        nonlocal tries
        tries += 1
        transaction.connection.execute(ADD, {"number": tries})

    with pytest.raises(StoreUnavailable):
        await open_one(ready_url)._database.write(write)

    assert tries == 1


async def asked_jobs(database: Database) -> list[int]:
    def read(transaction: Transaction) -> list[int]:
        return [*transaction.connection.scalars(text("SELECT job_id FROM last_asked"))]

    return await database.read(read)
