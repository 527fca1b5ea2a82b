"""How DATABASE_URL is parsed, and how the database is set up."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store import SqlStore, migrate
from bot.store.database.database import Transaction
from tests.store.conftest import OpenStore
from tests.store.world import P1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "neither SQLite nor PostgreSQL"),
        ("mysql://u:canary@h/d", "neither SQLite nor PostgreSQL"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite://host:port/x.db", "not the URL"),
        ("sqlite://host/x.db", "not the URL"),
        ("sqlite:///file:x.db?uri=true", "not the URL"),
        ("postgres://u:canary/x@h/d", "libpq"),
        ("postgres://u:x@canary@h/d", "libpq"),
        ("postgres://u:12/canary@h/d", "libpq"),
        ("postgresql://u:canary@h/d?sslmode=require&nonsense=1", "libpq"),
    ],
)
async def test_a_url_that_is_none_is_refused_with_the_right_form(
    url: str, said: str, open_one: OpenStore
) -> None:
    with pytest.raises(StoreUnavailable, match=said) as caught:
        open_one(url)
    with pytest.raises(StoreUnavailable, match=said):
        await migrate(url)

    assert ":///" in str(caught.value.hint) or "postgres://" in str(caught.value.hint)
    assert "canary" not in str(caught.value)


async def test_a_relative_path_is_below_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_one: OpenStore
) -> None:
    monkeypatch.chdir(tmp_path)

    await open_one("sqlite:///here.db").prepare()

    assert (tmp_path / "here.db").is_file()


async def test_a_relative_path_in_a_folder_that_was_removed_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_one: OpenStore
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    with pytest.raises(StoreUnavailable, match=r"here\.db: No such file"):
        open_one("sqlite:///here.db")


async def test_a_missing_folder_is_named_with_the_cure(tmp_path: Path, open_one: OpenStore) -> None:
    store = open_one(f"sqlite:///{tmp_path}/nowhere/visjob.db")

    with pytest.raises(StoreUnavailable, match=r"nowhere/visjob\.db") as caught:
        await store.prepare()

    assert "folder" in str(caught.value.hint)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path, open_one: OpenStore) -> None:
    (tmp_path / "visjob.db").write_text("not a database, but long enough to be taken for one" * 40)
    store = open_one(f"sqlite:///{tmp_path}/visjob.db")

    assert "not a database" in str((await store.check()).problem)


async def test_sqlite_keeps_what_it_committed(sqlite_url: str, open_one: OpenStore) -> None:
    store = open_one(sqlite_url)
    await store.prepare()

    pragmas = [
        await ask(store, f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    ]

    full = 2
    assert pragmas == ["wal", full, 1, 5000]


async def test_connections_that_were_opened_read_only_are_dropped_at_the_first_refusal(
    sqlite_url: str, open_one: OpenStore
) -> None:
    store = open_one(sqlite_url)
    await store.prepare()
    # SQLite opens a file so if it may not write it.
    for _ in range(2):
        with store._database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")

    await store.remember_asked({(P1, "U1"): JobId(1)})

    assert (await store.check()).is_good


async def test_where_there_is_no_room_the_log_gives_back_what_it_takes(
    sqlite_url: str, open_one: OpenStore
) -> None:
    store = open_one(sqlite_url)
    await store.prepare()
    await store.remember_asked({(P1, "U1"): JobId(1)})
    log = Path(f"{store._database.engine.url.database}-wal")
    before = log.stat().st_size

    def fill(transaction: Transaction) -> None:
        transaction.connection.exec_driver_sql("PRAGMA max_page_count = 1")
        transaction.connection.exec_driver_sql("CREATE TABLE more AS SELECT zeroblob(9999999)")

    with pytest.raises(StoreUnavailable, match="full") as caught:
        await store._database.write(fill)

    assert "room" in str(caught.value.hint)
    assert (before > 0, log.stat().st_size) == (True, 0)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
@pytest.mark.slow
async def test_every_spelling_of_postgresql_is_read(
    postgresql_url: str, scheme: str, open_one: OpenStore
) -> None:
    url = postgresql_url.replace("postgresql", scheme, 1)
    await migrate(url)
    store = open_one(url)

    await store.remember_asked({(P1, "U1"): JobId(1)})

    assert await store.last_asked(P1, "U1") == 1


async def test_options_in_the_url_mean_what_libpq_says(
    postgresql_url: str, open_one: OpenStore
) -> None:
    store = open_one(f"{postgresql_url}&application_name=mine&options=-c%20lock_timeout%3D123")

    assert await ask(store, "SHOW application_name") == "mine"
    assert await ask(store, "SHOW lock_timeout") == "123ms"


async def test_postgresql_gets_no_prepared_statements(
    postgresql_url: str, open_one: OpenStore
) -> None:
    store = open_one(postgresql_url)
    await migrate(postgresql_url)
    for _ in range(20):  # psycopg prepares a statement after five runs
        await store.last_asked(P1, "U1")

    assert await ask(store, "SELECT count(*) FROM pg_prepared_statements") == 0


async def ask(store: SqlStore, question: str) -> object:
    with store._database.engine.connect() as connection:
        answer: object = connection.scalar(text(question))
        return answer


@pytest.mark.slow
async def test_a_sqlite_transaction_given_up_midway_leaves_nothing_that_hangs(
    sqlite_url: str, open_one: OpenStore
) -> None:
    await migrate(sqlite_url)
    before = asyncio.all_tasks()
    for turns in range(40):
        store = open_one(sqlite_url)
        asking = asyncio.create_task(store.remember_asked({(P1, "U1"): JobId(205)}))
        for _ in range(turns):
            await asyncio.sleep(0.0002)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await store.close()

    left = asyncio.all_tasks() - before
    if left:
        await asyncio.wait(left, timeout=1)
    assert not asyncio.all_tasks() - before
