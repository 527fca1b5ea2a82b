"""Open a SQLite file beside its server, without a right to write."""

import sqlite3
from pathlib import Path


def open_read_only(file: Path) -> sqlite3.Connection:
    """Return a connection that any thread may use. Raises sqlite3.Error."""
    uri = f"{file.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)
