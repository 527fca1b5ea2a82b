"""Create a SQLite file when its schema is brought up, and refuse to create it elsewhere."""

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from bot.core.errors import StoreUnavailable
from bot.core.text import say

#: The mode of a file that we create: only our user may see who follows what.
FOR_OUR_USER = 0o600


def make_file(engine: Engine) -> None:
    """Create a missing SQLite file with access for our user alone; SQLite gives the files beside
    it the same mode. Raises OSError, and StoreUnavailable if the file was moved or deleted."""
    path = Path(engine.url.database or "")
    # Never open an existing file here, because closing it would end SQLite's own locks.
    if engine.dialect.name == "sqlite" and is_missing(path):
        refuse_left_log(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FOR_OUR_USER))


def refuse_missing(path: Path, *_: object) -> None:
    """Raise StoreUnavailable for a missing file, because SQLite would create it."""
    if is_missing(path):
        folder = Path(os.path.realpath(path)).parent  # SQLite follows links
        if not folder.is_dir():
            raise StoreUnavailable(
                say("There is no folder {path}.", path=str(folder)),
                hint=say("Make it, or let DATABASE_URL name a file in a folder that exists."),
            )
        raise StoreUnavailable(
            say("There is no file {path}.", path=str(path)),
            hint=say("`visjob serve` makes it; or set DATABASE_URL to where it is."),
        )


def refuse_left_log(path: Path) -> None:
    """Raise StoreUnavailable if the log of a missing file is there: with a new file beside it,
    SQLite would delete the changes that only the log holds."""
    end = os.path.realpath(path)  # SQLite follows links
    for log in (Path(f"{end}-wal"), Path(f"{end}-journal")):
        with suppress(OSError):
            if log.stat().st_size:
                raise StoreUnavailable(
                    say(
                        "There is no file {path}, but its log {log} is there, with recent changes.",
                        path=str(path),
                        log=log.name,
                    ),
                    hint=say("Put the file back beside its log; or remove the log to begin anew."),
                )


def is_missing(path: Path) -> bool:
    """True if no file is there, as far as we may see."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # SQLite reports what is wrong when it opens the file
        return False
    return False
