"""Make a consistent copy of a SQLite file, also while it is served."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine

from bot.core.errors import StoreUnavailable
from bot.core.foreign_words import quoted, system_words
from bot.core.text import say
from bot.store.database.failures import translated
from bot.store.database.read_only import open_read_only
from bot.store.database.schema import current_revision
from bot.store.open import open_engine, sqlite_path

_ELSEWHERE = say("Name a new file in a folder that exists, can be written to and has room.")


def back_up(url: str, to: Path) -> int:
    """Copy the SQLite file of `url` into the new file `to`, and return its size in bytes.

    Raises StoreUnavailable, and then leaves no partial copy behind.
    """
    source = sqlite_path(url)
    if not source.is_file():
        raise StoreUnavailable(
            say("There is no SQLite file {path} to copy.", path=str(source)),
            hint=say("Run this where `visjob serve` runs, with the same DATABASE_URL."),
        )
    try:
        with _new_file(to) as part:
            _refuse_locked_away(source)
            _refuse_others(url)
            _copy(source, part)
    except FileExistsError as error:
        raise StoreUnavailable(
            say("{path} is there already, and nothing is overwritten.", path=str(to)),
            hint=_ELSEWHERE,
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            say("Cannot write {path}: {why}.", path=str(to), why=system_words(error)),
            hint=say(
                "Name a new file in another folder than {folder}: one that exists, can be written"
                " to and has room.",
                folder=str(to.absolute().parent),
            ),
        ) from error
    except sqlite3.Error as error:
        raise StoreUnavailable(
            say(
                "Cannot copy {path} to {to}: {why}.",
                path=str(source),
                to=str(to),
                why=quoted(error),
            ),
            hint=say("Check that the one is a database of the bot and the other has room."),
        ) from error
    return to.stat().st_size


def _refuse_locked_away(source: Path) -> None:
    """Raise StoreUnavailable if the file cannot be read because its folder cannot be written to:
    SQLite makes two files beside the one that it reads."""
    folder = source.absolute().parent
    try:
        with closing(open_read_only(source)) as read:
            read.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        if os.access(folder, os.W_OK):
            return  # another fault, which the next step names
        raise StoreUnavailable(
            say(
                "SQLite cannot read {path}: the folder {folder} cannot be written to.",
                path=str(source),
                folder=str(folder),
            ),
            hint=say(
                "Mount it writable. Or copy {path}, and {log} if it is there, to a folder that can"
                " be written to, and name that copy in DATABASE_URL.",
                path=str(source),
                log=f"{source}-wal",
            ),
        ) from error


def _refuse_others(url: str) -> None:
    """Raise StoreUnavailable if the file has none of our tables: its copy would be no backup."""
    _, address = open_engine(url)
    engine = create_engine("sqlite://", creator=partial(open_read_only, sqlite_path(url)))
    try:
        with translated(address), engine.connect() as connection:
            if not current_revision(connection):
                raise StoreUnavailable(
                    say("There are no tables of ours in {database}.", database=address.words),
                    hint=say("Run this where `visjob serve` runs, with the same DATABASE_URL."),
                )
    finally:
        engine.dispose()


@contextmanager
def _new_file(to: Path) -> Iterator[Path]:
    """Yield a temporary file for its owner only, renamed to `to` on success. Raises OSError."""
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    part = Path()
    try:
        file, name = tempfile.mkstemp(prefix=f"{to.name}.", dir=to.parent)
        os.close(file)
        part = Path(name)
        yield part
        part.replace(to)
    except BaseException:
        with suppress(OSError):
            to.unlink()
        for rest in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{part}{rest}").unlink()
        raise


def _copy(source: Path, to: Path) -> None:
    with (
        closing(open_read_only(source)) as read,
        closing(sqlite3.connect(to, isolation_level=None)) as written,
    ):
        # In one step, which blocks nobody: a copy in several steps would begin anew after each
        # write of the server.
        read.backup(written)
        # The copy shall be a single file, and no server may be registered in it.
        written.execute("PRAGMA journal_mode = DELETE")
        with suppress(sqlite3.OperationalError):  # a version without the table
            written.execute("DELETE FROM server")
        [(verdict,)] = written.execute("PRAGMA quick_check(1)").fetchall()
        if verdict != "ok":
            raise sqlite3.DatabaseError(str(verdict))
