"""One database is copied into another completely, in both directions, or not at all."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Boolean, Connection, Integer, Table, func, insert, inspect, select, text
from sqlalchemy.types import TypeEngine

from bot.core.errors import StoreUnavailable
from bot.serve.clock import utc_now
from bot.store import migrate, open_store
from bot.store.database import tables
from bot.store.database.columns import Span, UtcTime
from bot.store.database.schema import known_revisions
from bot.store.moving import move
from bot.store.open import open_engine, sqlite_path
from tests.databases import NewUrl
from tests.store.world import NOON, P1, a_subscription, job

Rows = dict[str, list[tuple[object, ...]]]


class Heard:
    """A recorder of what `move` reports as progress."""

    def __init__(self, *, breaks_at: str = "") -> None:
        self.total = 0
        self.rows = 0
        self._breaks_at = breaks_at

    def begun(self, total: int) -> None:
        self.total = total

    def progress(self, table: str, rows: int) -> None:
        if table == self._breaks_at:
            raise KeyboardInterrupt
        self.rows += rows


def moved(source: str, target: str, heard: Heard | None = None) -> int:
    heard = heard or Heard()
    found = move(source, target, clock=utc_now, begun=heard.begun, progress=heard.progress)
    return found.rows


def content(url: str) -> Rows:
    """Return every row of our tables, in order."""
    engine, _ = open_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in tables.metadata.sorted_tables
        }
    engine.dispose()
    return rows


async def fill(url: str, *, times: int = 1) -> None:
    """Fill a database as the bot does, and add a row to each table that stays empty."""
    await migrate(url)
    store = open_store(url, clock=utc_now)
    await store.subscriptions.subscribe(a_subscription(), baseline=job(205))
    await store.remember_asked({(P1, "U1"): job(205).id})
    await store.close()
    engine, _ = open_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        for table in tables.metadata.sorted_tables:
            if table is not tables.server and not _count(connection, table):
                connection.execute(insert(table), [row(table, n) for n in range(1, times + 1)])
    engine.dispose()


def row(table: Table, number: int) -> dict[str, object]:
    """Return a row with unique values: texts of every script, whole microseconds."""
    return {column.name: _value(column.type, number) for column in table.columns}


def _value(kind: TypeEngine[object], number: int) -> object:
    if isinstance(kind, UtcTime):
        return NOON + timedelta(days=number, microseconds=number)
    if isinstance(kind, Span):
        return timedelta(hours=number)
    if isinstance(kind, Boolean):
        return number % 2 == 0
    return number * 7 if isinstance(kind, Integer) else f"花 {number} \U0001f7e2 'x'"


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture(
    params=[
        "sqlite to postgresql",
        "sqlite",
        pytest.param("postgresql to sqlite", marks=pytest.mark.slow),
        pytest.param("postgresql", marks=pytest.mark.slow),
    ]
)
def ways(
    request: pytest.FixtureRequest, new_sqlite_url: NewUrl, new_postgresql_url: NewUrl
) -> tuple[str, str]:
    """The URLs of the source and the target, for each pair of kinds."""
    made = {"sqlite": new_sqlite_url, "postgresql": new_postgresql_url}
    source, _, target = str(request.param).partition(" to ")
    return made[source](), made[target or source]()


async def test_every_row_of_every_table_arrives_and_the_new_one_goes_on_counting(
    ways: tuple[str, str],
) -> None:
    source, target = ways
    await fill(source, times=3)
    before, heard = content(source), Heard()

    rows = moved(source, target, heard)

    assert content(target) == before == content(source)
    assert all(found for name, found in before.items() if name != "server")
    assert rows == heard.total == heard.rows == sum(map(len, before.values()))
    await _goes_on(target)


async def _goes_on(url: str) -> None:
    """Check that the copy accepts new rows, with ids above the copied ones."""
    engine, _ = open_engine(url)
    for table in tables.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or column.autoincrement is not True:
            continue
        with engine.connect() as connection:
            highest = connection.scalar(select(func.max(column)))
            added = row(table, 90)
            del added[column.name]
            new = connection.execute(insert(table).returning(column), added).scalar()
            assert new is not None
            assert highest is not None
            assert new > highest, table.name
            connection.rollback()
    engine.dispose()
    store = open_store(url, clock=utc_now)
    await store.prepare()
    assert (await store.check()).is_good
    await store.close()


async def test_a_copy_that_breaks_off_leaves_no_row_and_can_be_made_anew(
    ways: tuple[str, str],
) -> None:
    source, target = ways
    await fill(source)

    with pytest.raises(KeyboardInterrupt):
        moved(source, target, Heard(breaks_at="watched_job"))
    left = _tables(target)
    rows = moved(source, target)

    assert left == []
    assert rows == sum(map(len, content(source).values()))
    assert content(target) == content(source)


def _tables(url: str) -> list[str]:
    engine, _ = open_engine(url)
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names


async def test_a_target_that_was_only_migrated_is_empty(
    new_sqlite_url: NewUrl, postgresql_url: str
) -> None:
    source = new_sqlite_url()
    await fill(source)
    await migrate(postgresql_url)

    moved(source, postgresql_url)

    assert content(postgresql_url) == content(source)


def _refused(source: str, target: str) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        moved(source, target)
    assert caught.value.hint
    return f"{caught.value} {caught.value.hint}"


async def test_a_target_with_a_row_is_refused_and_kept(ways: tuple[str, str]) -> None:
    source, target = ways
    await fill(source)
    await fill(target)
    before = content(target)

    said = _refused(source, target)

    assert "something already" in said
    assert content(target) == before


async def test_a_target_with_tables_of_somebody_else_is_refused(
    new_sqlite_url: NewUrl, postgresql_url: str
) -> None:
    source = new_sqlite_url()
    await fill(source)
    with psycopg.connect(postgresql_url) as other:
        other.execute("CREATE TABLE invoices (id int)")

    assert "invoices" in _refused(source, postgresql_url)
    assert _tables(postgresql_url) == ["invoices"]


async def test_the_same_database_by_another_name_is_refused(
    tmp_path: Path, postgresql_url: str
) -> None:
    file = f"sqlite:///{tmp_path}/a.db"
    await migrate(file)
    await migrate(postgresql_url)
    (tmp_path / "link.db").symlink_to(tmp_path / "a.db")
    other = f"{postgresql_url}&application_name=other"

    for source, target in (
        (file, f"sqlite:///{tmp_path}/../{tmp_path.name}/a.db"),
        (file, f"sqlite:///{tmp_path}/link.db"),
        (postgresql_url, other),
    ):
        assert "the same" in _refused(source, target)


async def test_a_source_that_is_served_is_refused(ways: tuple[str, str]) -> None:
    source, target = ways
    await fill(source)
    server = open_store(source, clock=utc_now)
    await server.prepare()
    await server.note_serving()

    said = await asyncio.to_thread(_refused, source, target)
    await server.close()

    assert "already served" in said
    assert moved(source, target) > 0


def _old(url: str) -> None:
    _set_revision(url, known_revisions()[-2])


def _new(url: str) -> None:
    _set_revision(url, "9999")


def _set_revision(url: str, revision: str) -> None:
    engine, _ = open_engine(url)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        connection.commit()
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "said"), [(_old, "visjob migrate"), (_new, "version of VisJob that serves")]
)
async def test_another_schema_is_refused_with_what_to_run(
    ways: tuple[str, str], change: Callable[[str], None], said: str
) -> None:
    source, target = ways
    await fill(source)
    change(source)

    assert said in _refused(source, target)


async def test_a_source_that_is_not_there_is_not_made(
    new_sqlite_url: NewUrl, postgresql_url: str
) -> None:
    source, target = new_sqlite_url(), new_sqlite_url()

    assert "There is no file" in _refused(source, target)
    assert not sqlite_path(source).exists()
    assert not sqlite_path(target).exists()
    assert "no tables of ours" in _refused(postgresql_url, target)


async def test_what_is_no_database_is_refused(new_sqlite_url: NewUrl) -> None:
    source, target = new_sqlite_url(), new_sqlite_url()
    await fill(source)
    sqlite_path(target).write_text("somebody's letter, long enough to be a database" * 99)

    assert "not a database" in _refused(source, target)
    assert sqlite_path(target).read_text().startswith("somebody's letter")
