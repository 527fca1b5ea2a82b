"""One process at a time serves a SQLite file: the operating system's lock on a file beside it."""

import sys
from pathlib import Path
from typing import TextIO

from bot.core.errors import StoreUnavailable
from bot.store.database.database import Database


class FileLock:
    """The lock; it ends with the process, however that ends. Only who serves takes it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file: TextIO | None = None

    def claim(self) -> None:
        """Take the lock, or raise StoreUnavailable if another process has it."""
        if self._file is not None:
            return
        path = Path(f"{self._database.engine.url.database}.lock")
        try:
            file = path.open("a")
        except OSError as error:
            address = self._database.address
            raise StoreUnavailable(
                f"{address.words} failed: cannot write {path}: {error.strerror}", hint=address.cure
            ) from error
        if not _lock(file):
            file.close()
            raise StoreUnavailable(
                f"{self._database.address.words} is served by another process already",
                hint="Stop that one, or give DATABASE_URL of a PostgreSQL database to both.",
            )
        self._file = file

    def give_up(self) -> None:
        """Let the next process have it."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: TextIO) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl  # not on Windows

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
