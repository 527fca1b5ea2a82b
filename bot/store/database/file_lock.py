"""Let one process at a time serve a SQLite file, and stop it if the file is replaced.

The system's lock is on the file itself, by whatever path it was opened, and on a file beside it:
older versions check that one, and some systems cannot lock part of a file.
"""

import os
import struct
import sys
from contextlib import suppress
from pathlib import Path

from bot.core.errors import StoreUnavailable
from bot.core.foreign_words import system_words
from bot.core.text import say
from bot.store.database.database import Database
from bot.store.database.new_file import FOR_OUR_USER

# Far beyond the last byte of any SQLite file, and beyond the bytes that SQLite itself locks.
_LOCKED_BYTE = 2**62


class FileLock:
    """The lock of a SQLite file, for servers and offline tools. The lock ends with its process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._path = Path(database.engine.url.database or "")
        self._files: list[int] = []
        self._identity = (0, 0)

    def claim(self) -> bool:
        """Take the lock; False if another process has it. Raises StoreUnavailable if the file
        cannot be written."""
        if self._files:
            return True
        try:
            self._open(self._path)
            is_ours = _lock_byte(self._files[0]) and self._lock_beside()
        except OSError as error:
            self.give_up()
            address = self._database.address
            raise StoreUnavailable(
                say(
                    "I can't use {database}: {words}.",
                    database=address.words,
                    words=f"{error.filename}: {system_words(error)}",
                ),
                hint=address.cure,
            ) from error
        if not is_ours:
            self.give_up()
            return False
        found = os.fstat(self._files[0])
        self._identity = (found.st_dev, found.st_ino)
        self._database.before_each = self._assert_same
        return True

    def give_up(self) -> None:
        """Release the lock, so that another process can take it."""
        self._database.before_each = None
        for file in self._files:
            os.close(file)
        self._files.clear()

    def _open(self, path: Path) -> int:
        self._files.append(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FOR_OUR_USER))
        return self._files[-1]

    def _lock_beside(self) -> bool:
        if sys.platform == "win32":
            return True
        import fcntl  # Windows has no fcntl

        file = self._open(Path(f"{self._path}.lock"))
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _assert_same(self) -> None:
        """Raise StoreUnavailable if the path does not lead to our file any more: what is written to
        a deleted or replaced file is lost."""
        words = self._database.address.words
        try:
            found = self._path.stat()
            happened = say(
                "My database was replaced by another file while I used it: {database}.",
                database=words,
            )
        except OSError:
            found = None
            happened = say(
                "My database was deleted or moved away while I used it: {database}.", database=words
            )
        if found is None or (found.st_dev, found.st_ino) != self._identity:
            raise StoreUnavailable(happened, hint=_PUT_BACK)


_PUT_BACK = say(
    "Nothing is posted. Put the file back, or stop the bot, restore a backup, run `visjob migrate"
    " --reconcile` and start it again."
)


def _lock_byte(file: int) -> bool:
    if sys.platform != "linux":  # Python offers these locks on Linux only
        return True
    import fcntl

    # Type, whence, start, length, process (0: the lock belongs to the open file). A lock of the
    # process would end as soon as SQLite closed any other descriptor of the file.
    wanted = struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, _LOCKED_BYTE, 1, 0)
    with suppress(BlockingIOError, PermissionError):
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, wanted)
        return True
    return False
