"""SQLite on threads of ours: whole transactions, one thread each, nothing half read."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store.database.embedded import EagerConnection, EmbeddedConnection, EmbeddedEngine

COUNT = text("SELECT count(*) FROM job")
ADD = text("INSERT INTO job (id) VALUES (:id)")
MANY = [{"id": number} for number in range(1, 101)]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[EmbeddedEngine]:
    """A file with a table of a hundred rows."""
    url = f"sqlite:///{tmp_path}/jobs.db"
    engine = EmbeddedEngine(create_engine(url, connect_args={"factory": EagerConnection}))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE job (id INTEGER PRIMARY KEY)"))
        await connection.execute(ADD, MANY)
    yield engine
    await engine.dispose()


async def count(engine: EmbeddedEngine) -> int:
    async with engine.begin() as connection:
        found: int = await connection.scalar(COUNT)
    return found


async def test_what_was_selected_stays_as_it_was_while_its_rows_change(
    engine: EmbeddedEngine,
) -> None:
    async with engine.begin() as connection:
        rows = await connection.execute(text("SELECT id FROM job ORDER BY id"))
        await connection.execute(text("DELETE FROM job WHERE id > 10"))

        assert [row.id for row in rows] == list(range(1, 101))


async def test_rows_are_given_one_by_one_in_parts_and_all(engine: EmbeddedEngine) -> None:
    async with engine.begin() as connection:
        rows = await connection.execute(text("SELECT id FROM job ORDER BY id"))

        assert rows.fetchone() == (1,)
        assert [row.id for row in rows.fetchmany(3)] == [2, 3, 4]
        assert len(rows.fetchall()) == 96
        assert rows.fetchone() is None


async def test_a_transaction_is_on_one_thread_and_the_loop_on_its_own(
    engine: EmbeddedEngine,
) -> None:
    async def where() -> set[int]:
        threads = {threading.get_ident()}
        async with engine.begin() as connection:
            await connection.execute(COUNT)
            threads.add(threading.get_ident())
        return threads

    first, second = await asyncio.gather(engine.run(where()), engine.run(where()))

    assert len(first) == len(second) == 1
    assert threading.get_ident() not in first | second


async def test_what_waits_for_something_else_is_refused_and_undone(
    engine: EmbeddedEngine,
) -> None:
    async def waits() -> None:
        async with engine.begin() as connection:
            await connection.execute(ADD, {"id": 101})
            await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something else"):
        await engine.run(waits())

    assert await count(engine) == 100


async def test_what_is_raised_undoes_the_transaction_and_comes_out(engine: EmbeddedEngine) -> None:
    async def breaks() -> None:
        async with engine.begin() as connection:
            await connection.execute(ADD, {"id": 101})
            raise KeyError("nobody thought of this")

    with pytest.raises(KeyError):
        await engine.run(breaks())

    assert await count(engine) == 100


async def test_a_part_can_be_undone_alone(engine: EmbeddedEngine) -> None:
    async def breaks(connection: EmbeddedConnection) -> None:
        async with connection.begin_nested():
            await connection.execute(ADD, {"id": 102})
            raise KeyError("only this")

    async with engine.begin() as connection:
        await connection.execute(ADD, {"id": 101})
        with pytest.raises(KeyError):
            await breaks(connection)

    assert await count(engine) == 101
