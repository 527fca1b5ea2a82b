"""A consistent copy of a SQLite file, also while it is served."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.core.errors import StoreUnavailable
from bot.core.text import say
from bot.store.open import sqlite_path

_ELSEWHERE = say("Name a new file in a folder that exists, can be written to and has room.")


def back_up(url: str, to: Path) -> int:
    """Copy the SQLite file of `url` into the new file `to`; its size in bytes.

    Raises StoreUnavailable, and leaves no half of a copy behind.
    """
    source = sqlite_path(url)
    if not source.is_file():
        raise StoreUnavailable(
            say("There is no SQLite file {path} to copy.", path=str(source)),
            hint=say("Run this where `visjob serve` runs, with the same DATABASE_URL."),
        )
    try:
        with _new_file(to) as part:
            _copy(source, part)
    except FileExistsError as error:
        raise StoreUnavailable(
            say("{path} is there already, and nothing is overwritten.", path=str(to)),
            hint=_ELSEWHERE,
        ) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreUnavailable(
            say("Cannot write {path}: {why}.", path=str(to), why=why), hint=_ELSEWHERE
        ) from error
    except sqlite3.Error as error:
        raise StoreUnavailable(
            say("Cannot copy {path} to {to}: {why}.", path=str(source), to=str(to), why=str(error)),
            hint=say("Check that the one is a database of the bot and the other has room."),
        ) from error
    return to.stat().st_size


@contextmanager
def _new_file(to: Path) -> Iterator[Path]:
    """A file for its owner only, which gets this name when all is well. Raises OSError."""
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
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(to, isolation_level=None)) as written,
    ):
        # In one step, which holds up nobody: whoever copied step by step would begin anew after
        # each write of the server.
        read.backup(written)
        # One file is the whole database, and nobody serves the copy.
        written.execute("PRAGMA journal_mode = DELETE")
        with suppress(sqlite3.OperationalError):  # of a version without the table
            written.execute("DELETE FROM server")
        [(verdict,)] = written.execute("PRAGMA quick_check(1)").fetchall()
        if verdict != "ok":
            raise sqlite3.DatabaseError(str(verdict))
