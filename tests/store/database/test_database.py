"""Transactions on threads: one thread each, all or nothing, and an end whatever the server does."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import TextClause, text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store import SqlStore, migrate
from bot.store.database.database import THREADS, Database, Transaction
from tests.databases import NewUrl
from tests.proof.proxy import Break, Proxy
from tests.store.conftest import OpenStore
from tests.store.world import P1

ADD = text("INSERT INTO inbox (team_id, key, seen_at) VALUES ('T1', :key, '2026-03-01 12:00:00')")
TOUCH = text("UPDATE inbox SET sentence = 'x' WHERE key = :key")
SHORT = timedelta(seconds=0.2)


@pytest.fixture
def database(store: SqlStore) -> Database:
    return store._database


async def count(database: Database) -> int:
    query = text("SELECT count(*) FROM inbox")
    found: int = await database.read(lambda transaction: transaction.connection.scalar(query))
    return found


async def test_a_transaction_has_a_thread_of_its_own_and_the_loop_another(
    database: Database,
) -> None:
    together = threading.Barrier(2)

    def where(transaction: Transaction) -> set[int]:
        threads = {threading.get_ident()}
        transaction.connection.execute(text("SELECT 1"))
        together.wait(timeout=4)
        return threads | {threading.get_ident()}

    first, second = await asyncio.gather(database.read(where), database.read(where))

    assert len(first) == len(second) == 1
    assert len({*first, *second, threading.get_ident()}) == 3


async def test_what_is_raised_undoes_the_transaction_and_comes_out(database: Database) -> None:
    def breaks(transaction: Transaction) -> None:
        transaction.connection.execute(ADD, {"key": "1"})
        raise KeyError("nobody thought of this")

    with pytest.raises(KeyError):
        await database.write(breaks)

    assert await count(database) == 0


async def test_a_part_can_be_undone_alone(database: Database) -> None:
    def breaks(transaction: Transaction) -> None:
        with transaction.connection.begin_nested():
            transaction.connection.execute(ADD, {"key": "2"})
            raise KeyError("only this")

    def work(transaction: Transaction) -> None:
        transaction.connection.execute(ADD, {"key": "1"})
        with pytest.raises(KeyError):
            breaks(transaction)

    await database.write(work)

    assert await count(database) == 1


async def test_a_transaction_whose_caller_has_gone_is_finished(
    url: str, database: Database, open_one: OpenStore
) -> None:
    begun, goes_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(transaction: Transaction) -> None:
        transaction.connection.execute(ADD, {"key": "1"})
        loop.call_soon_threadsafe(begun.set)
        assert goes_on.wait(timeout=4)
        transaction.connection.execute(ADD, {"key": "2"})

    caller = asyncio.create_task(database.write(work))
    await begun.wait()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    goes_on.set()
    await database.close()

    assert await count(open_one(url)._database) == 2


async def test_what_is_raised_for_a_caller_that_has_gone_is_no_error_of_the_loop(
    database: Database,
) -> None:
    begun, goes_on, reports = asyncio.Event(), threading.Event(), list[object]()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reports.append(context))

    def breaks(_: Transaction) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert goes_on.wait(timeout=4)
        raise KeyError("nobody waits for this")

    caller = asyncio.create_task(database.write(breaks))
    await begun.wait()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    goes_on.set()
    await database.close()
    del caller
    gc.collect()

    assert reports == []


@pytest.fixture
async def proxy(postgresql_url: str) -> AsyncIterator[Proxy]:
    """Before a database with our tables."""
    await migrate(postgresql_url)
    proxy = Proxy(f"{conninfo_to_dict(postgresql_url)['host']}/.s.PGSQL.5432")
    await proxy.start()
    yield proxy
    await proxy.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", [Break.SILENCE, Break.DEAF])
async def test_transactions_whose_server_falls_silent_give_their_threads_back(
    how: Break, proxy: Proxy, postgresql_url: str, open_one: OpenStore
) -> None:
    name = conninfo_to_dict(postgresql_url)["dbname"]
    store = open_one(f"postgresql://postgres@127.0.0.1:{proxy.port}/{name}?sslmode=disable")
    database = store._database
    for _ in range(THREADS):
        proxy.break_next(how)

    hung = [
        database.write(
            lambda transaction: transaction.connection.execute(text("SELECT 1")), deadline=SHORT
        )
        for _ in range(THREADS)
    ]
    ends = await asyncio.gather(*hung, return_exceptions=True)
    proxy.spare()

    assert {type(end) for end in ends} == {StoreUnavailable}
    assert proxy.broken
    all_free = threading.Barrier(THREADS)
    turns = [database.read(lambda _: all_free.wait(timeout=4)) for _ in range(THREADS)]
    assert sorted(await asyncio.gather(*turns)) == list(range(THREADS))


@pytest.mark.slow
async def test_a_lock_that_is_not_released_is_waited_for_no_longer_than_a_call(
    sqlite_url: str, open_one: OpenStore
) -> None:
    await migrate(sqlite_url)
    store = open_one(sqlite_url)
    with store._database.begin(), pytest.raises(StoreUnavailable):
        await store.remember_asked({(P1, "U1"): JobId(1)})

    await store.remember_asked({(P1, "U1"): JobId(2)})
    assert await store.last_asked(P1, "U1") == 2


async def test_of_two_transactions_in_each_others_way_neither_is_lost(
    postgresql_tables: NewUrl, open_one: OpenStore
) -> None:
    database = open_one(postgresql_tables())._database
    for key in ("1", "2"):
        await database.write(partial(_execute, ADD, key))
    together = threading.Barrier(2)
    attempts: list[str] = []

    def touch_both(first: str, second: str, transaction: Transaction) -> None:
        attempts.append(first)
        _execute(TOUCH, first, transaction)
        if len(attempts) <= 2:
            together.wait(timeout=4)
        _execute(TOUCH, second, transaction)

    await asyncio.gather(
        database.write(partial(touch_both, "1", "2")),
        database.write(partial(touch_both, "2", "1")),
    )

    # Whoever gave way comes again at once, and may be in the way of the other a second time.
    assert len(attempts) in (3, 4)


def _execute(statement: TextClause, key: str, transaction: Transaction) -> None:
    transaction.connection.execute(statement, {"key": key})
