"""Translate database errors into sentences for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_CORRUPT,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_NOTADB,
    SQLITE_READONLY,
)
from sqlite3 import Error as SqliteError

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from bot.core.errors import StoreRefused, StoreUnavailable
from bot.core.foreign_words import quoted, system_words
from bot.core.text import Words, say
from bot.store.database.schema_owner import NAME_OURS, NotOurs

# What to try, by PostgreSQL's error code.
_CURES = {
    "25006": say(
        "It refuses writes: it is a standby, or default_transaction_read_only is on. Once it takes"
        " them again the bot goes on by itself; else name the primary in DATABASE_URL."
    ),
    "42501": say(
        "The role of DATABASE_URL lacks a right. Let the owner of the tables type, with its name:"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO role;"
    ),
}
# What to try, by SQLite's error code.
_SQLITE_CURES = {
    SQLITE_BUSY: say(
        "Another program holds the file. Close that program; to copy the file, run `visjob backup`."
    ),
    SQLITE_CORRUPT: say(
        "The file is damaged. Stop the bot and restore a backup, or save what can be read with"
        " `sqlite3 FILE .recover`."
    ),
    SQLITE_FULL: say("The disk is full. Make room; the bot then goes on by itself."),
    SQLITE_IOERR: say(
        "The disk or its file system failed, or has no room. Check it; SQLite needs a local disk,"
        " no network share."
    ),
    SQLITE_READONLY: say("Let the bot's user write to the file and to its folder."),
}
# The low byte of SQLite's extended error codes is the primary code.
_PRIMARY = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database in words (never with a password), and what to try if it fails."""

    words: Words
    cure: Words


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the driver's errors, also without SQLAlchemy, NotOurs and OSError into
    StoreUnavailable."""
    try:
        yield
    except NotOurs as error:
        raise StoreUnavailable(error.sentence(address.words), hint=error.cure) from error
    except (SQLAlchemyError, SqliteError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise _in_words(error, cause, address) from error


def _in_words(error: Exception, cause: object, address: Address) -> StoreUnavailable:
    database = address.words
    words = system_words(cause) if isinstance(cause, OSError) else quoted(cause)
    if _is_about_the_data(error):
        return StoreRefused(
            say("I can't store that in {database}: {words}.", database=database, words=words)
        )
    if getattr(cause, "sqlite_errorcode", None) == SQLITE_NOTADB:
        return StoreUnavailable(
            say(
                "This is not a database of VisJob: {database} is a file of another kind.",
                database=database,
            ),
            hint=NAME_OURS,
        )
    return StoreUnavailable(
        say("I can't use {database}: {words}.", database=database, words=words),
        hint=_find_cure(cause) or address.cure,
    )


def _find_cure(cause: object) -> Words:
    """Return what to try for the driver's error; empty if only the address says that."""
    state = getattr(cause, "sqlstate", None) or ""
    code = getattr(cause, "sqlite_errorcode", None) or 0
    return _CURES.get(state) or _SQLITE_CURES.get(code & _PRIMARY) or ""


def _is_about_the_data(error: Exception) -> bool:
    """True if the database works, and only this statement or its data is at fault."""
    never_sent = isinstance(error, StatementError) and not isinstance(error, DBAPIError)
    return never_sent or isinstance(error, DataError | IntegrityError)
