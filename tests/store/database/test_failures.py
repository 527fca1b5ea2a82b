"""The sentence for the operator says what to do about this very error of the database."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.core.errors import StoreUnavailable
from bot.store.database.failures import Address, translated

ADDRESS = Address(words="the SQLite file v.db", cure="Look at the folder.")


def _locked(file: Path, stack: ExitStack) -> sqlite3.Connection:
    holder = stack.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
    holder.execute("BEGIN EXCLUSIVE")
    return sqlite3.connect(file, timeout=0)


def _damaged(file: Path, _: ExitStack) -> sqlite3.Connection:
    with file.open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\xff" * 4000)
    return sqlite3.connect(file)


def _full(file: Path, _: ExitStack) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA max_page_count = 2")
    return connection


def _read_only(file: Path, _: ExitStack) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)


def _in_a_missing_folder(file: Path, _: ExitStack) -> sqlite3.Connection:
    return sqlite3.connect(file.parent / "gone" / "v.db")


@pytest.mark.parametrize(
    ("connect", "cure"),
    [
        (_locked, "Another program holds the file."),
        (_damaged, "The file is damaged. Stop the bot and restore a backup"),
        (_full, "The disk is full. Make room"),
        (_read_only, "Let the bot's user write to the file"),
        (_in_a_missing_folder, "Look at the folder."),
    ],
)
def test_the_cure_belongs_to_the_error(
    connect: Callable[[Path, ExitStack], sqlite3.Connection], cure: str, tmp_path: Path
) -> None:
    file = tmp_path / "v.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE a (x)")
        made.commit()
    with ExitStack() as stack:
        engine = create_engine("sqlite://", creator=lambda: connect(file, stack))
        stack.callback(engine.dispose)
        with (
            pytest.raises(StoreUnavailable) as caught,
            translated(ADDRESS),
            engine.begin() as transaction,
        ):
            transaction.exec_driver_sql("INSERT INTO a VALUES (zeroblob(20000))")

    assert str(caught.value.hint).startswith(cure)
