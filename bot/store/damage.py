"""Look for damage in a SQLite file, also while it is served, for a limited time."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.core.foreign_words import quoted
from bot.store.database.failures import translated
from bot.store.database.read_only import open_read_only
from bot.store.open import open_engine, sqlite_path

_PATIENCE = timedelta(seconds=10)
# An interrupt has no effect before the statement runs, so it is repeated.
_INTERRUPTED_EVERY = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What a check of a file found."""

    #: SQLite's words for the first damage; empty if the check found none.
    damage: str
    #: False if the time was over before the whole file was checked.
    is_complete: bool


async def check_soundness(url: str, *, within: timedelta = _PATIENCE) -> Soundness:
    """Run SQLite's quick_check, which reads the whole file, but not the contents of its indexes.

    Raises StoreUnavailable if SQLite cannot read the file at all, with the cure.
    """
    _, address = open_engine(url)
    with translated(address):
        connection = open_read_only(sqlite_path(url))
        answer = asyncio.ensure_future(asyncio.to_thread(_first_damage, connection))
        await asyncio.wait({answer}, timeout=within.total_seconds())
        while not answer.done():
            with suppress(sqlite3.ProgrammingError):  # it ended, and is closed
                connection.interrupt()
            await asyncio.wait({answer}, timeout=_INTERRUPTED_EVERY)
        return answer.result()


def _first_damage(connection: sqlite3.Connection) -> Soundness:
    try:
        with closing(connection):
            [(verdict,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return Soundness(damage="", is_complete=False)
    return Soundness(damage="" if verdict == "ok" else quoted(verdict), is_complete=True)
