"""A damaged SQLite file is found, also while it is served, and a large one is not read for long."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import StoreUnavailable
from bot.store.damage import check_soundness
from bot.store.open import sqlite_path


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """The file of the URL."""
    return sqlite_path(sqlite_url)


def fill(file: Path, rows: int) -> None:
    """Add a table of so many rows."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE filler (words TEXT)")
        connection.executemany("INSERT INTO filler VALUES (?)", [("x" * 900,)] * rows)


def overwrite_the_middle(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 4096 // 2 * 4096)
        opened.write(b"\x55" * 4096)


def cut_the_end(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


async def test_a_whole_file_is_sound_also_while_it_is_written(sqlite_url: str, file: Path) -> None:
    fill(file, 10)
    with closing(sqlite3.connect(file)) as writer:
        writer.execute("INSERT INTO filler VALUES ('y')")
        found = await check_soundness(sqlite_url)

    assert (found.damage, found.is_complete) == ("", True)


@pytest.mark.parametrize("damage", [overwrite_the_middle, cut_the_end])
async def test_damage_is_found(damage: Callable[[Path], None], sqlite_url: str, file: Path) -> None:
    fill(file, 100)
    damage(file)

    try:
        said = (await check_soundness(sqlite_url)).damage
    except StoreUnavailable as error:
        said = f"{error} {error.hint}"

    assert "Page" in said or "damaged" in said


async def test_a_large_file_is_not_checked_to_its_end(sqlite_url: str, file: Path) -> None:
    fill(file, 20_000)

    found = await check_soundness(sqlite_url, within=timedelta(0))

    assert (found.damage, found.is_complete) == ("", False)
