"""Check a SQLite file before it is locked, without writing anything to it or beside it."""

import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database.failures import Address, translated
from bot.store.database.schema import refuse_unknown
from bot.store.database.schema_owner import read_revision

# While one of these exists, the file alone may show a state that was never committed.
_BESIDE = ("-wal", "-journal")


def refuse_strange_file(path: Path, address: Address) -> None:
    """Raise StoreUnavailable if another program made the file. Every other defect is reported when
    the file is opened."""
    if any(Path(f"{path}{suffix}").exists() for suffix in _BESIDE):
        return
    engine = create_engine("sqlite://", creator=partial(_open_untouched, path))
    try:
        with translated(address), suppress(SQLAlchemyError), engine.connect() as connection:
            refuse_unknown(read_revision(connection, newest=""))
    finally:
        engine.dispose()


def _open_untouched(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
