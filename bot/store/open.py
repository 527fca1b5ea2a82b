"""Turn DATABASE_URL into an engine that is set up for its database."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_READONLY

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.core.errors import StoreUnavailable
from bot.core.text import Text, say
from bot.store.database.database import BUSY_MILLISECONDS, THREADS, Database, Timing, Transaction
from bot.store.database.failures import Address, translated
from bot.store.database.file_lock import FileLock
from bot.store.database.new_file import refuse_missing
from bot.store.database.postgresql import connect, drop_useless_connections
from bot.store.database.schema import bring_up
from bot.store.delivering import reconciling
from bot.store.delivering.reconciling import Reconciled
from bot.store.serving import Server, claim_file, refuse_if_served
from bot.store.store import SqlStore

_RECONCILE_DEADLINE = timedelta(seconds=20)

# Our defaults for libpq; the URL may override them.
_POSTGRESQL: dict[str, str | int] = {
    "connect_timeout": 5,
    "application_name": "visjob",
    # After this many milliseconds without an acknowledgement the server counts as gone.
    "tcp_user_timeout": 15_000,
}


def open_store(
    url: str,
    *,
    clock: Callable[[], datetime],
    lease: timedelta = timedelta(seconds=60),
    settle: timedelta = timedelta(seconds=30),
    interval: timedelta = timedelta(seconds=30),
    patience: int = 1,
) -> SqlStore:
    """Return the store without connecting yet. Raises StoreUnavailable if the URL is invalid.

    `lease` and `settle` belong to the delivery protocol, `interval` is the time between two polls;
    `patience` multiplies the deadline of every call.
    """
    engine, address = open_engine(url)
    timing = Timing(lease=lease, settle=settle, interval=interval)
    return SqlStore(
        Database(engine, address=address, clock=clock, timing=timing, patience=patience)
    )


async def migrate(url: str) -> tuple[str, ...]:
    """Bring the schema up to date and return the revisions that were missing.

    Safe to run twice, concurrently, and while an older version runs. Raises StoreUnavailable.
    """
    engine, address = open_engine(url)
    try:
        with translated(address):
            return await asyncio.to_thread(bring_up, engine)
    finally:
        engine.dispose()


async def reconcile(url: str, *, clock: Callable[[], datetime]) -> Reconciled:
    """After a restore, mark the messages that may be in Slack but are unknown to the database.

    Safe to run twice. Raises StoreUnavailable, also if a process serves the database.
    """
    engine, address = open_engine(url)
    database = Database(engine, address=address, clock=clock, timing=Timing())
    lock, ourselves = FileLock(database), Server()

    def reconcile_alone(transaction: Transaction) -> Reconciled:
        refuse_if_served(transaction, ourselves, address)
        return reconciling.reconcile(transaction)

    try:
        if database.is_sqlite:
            claim_file(address, lock)
        return await database.write(reconcile_alone, deadline=_RECONCILE_DEADLINE)
    finally:
        await database.close()
        lock.give_up()


def sqlite_path(url: str) -> Path:
    """Return the file that the URL of a SQLite database names. Raises StoreUnavailable."""
    return Path(_sqlite_url(url).database or "")


def open_engine(url: str) -> tuple[Engine, Address]:
    """Return an engine that is not connected yet. Raises StoreUnavailable if the URL is invalid."""
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return _postgresql(url.replace("postgresql+psycopg://", "postgresql://", 1))
    raise StoreUnavailable(
        say("DATABASE_URL names neither SQLite nor PostgreSQL."),
        hint=say("Use sqlite:///visjob.db or postgres://USER:PASSWORD@HOST/DATABASE."),
    )


def _sqlite(url: str) -> tuple[Engine, Address]:
    parsed = _sqlite_url(url)
    address = Address(
        words=say("the SQLite file {file}", file=parsed.database or ""),
        cure=say(
            "Check that its folder exists, can be written to and has room, and that no other"
            " program holds the file."
        ),
    )
    with translated(address):  # a relative path fails in a folder that was removed
        engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "do_connect", partial(refuse_missing, Path(parsed.database or "")))
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "handle_error", _drop_read_only)
    return engine, address


def _sqlite_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    file = (parsed and parsed.database) or ""
    if parsed is None or parsed.host or file.startswith("file:"):
        raise StoreUnavailable(
            say("{url} is not the URL of a SQLite file.", url=url),
            hint=say("Use sqlite:///visjob.db."),
        )
    if file in ("", ":memory:"):
        raise StoreUnavailable(
            say("A SQLite database in memory would forget everything at each restart."),
            hint=say("Use a file: sqlite:///visjob.db."),
        )
    return parsed


def _set_pragmas(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    # We begin transactions ourselves, because the driver begins them late and only for writes.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "synchronous = FULL",  # NORMAL may lose committed data if the power fails
        "foreign_keys = ON",
        "wal_autocheckpoint = 8000",  # pages; else a fan-out would pay for a checkpoint
        "cache_spill = OFF",  # else pages of a large fan-out are written repeatedly
    ):
        cursor.execute(f"PRAGMA {pragma}")
    # Opening writes nothing, because the file may be another program's: `bring_up` switches ours
    # to WAL mode, and the file keeps that.
    cursor.close()


def _drop_read_only(context: ExceptionContext) -> None:
    """Mark the error as a disconnect if the connection was opened while the file was read-only."""
    code = getattr(context.original_exception, "sqlite_errorcode", 0) or 0
    if code & _PRIMARY == SQLITE_READONLY:
        context.is_disconnect = True


# The low byte of SQLite's extended error codes is the primary code.
_PRIMARY = 0xFF


def _postgresql(url: str) -> tuple[Engine, Address]:
    import psycopg  # slow to import, and SQLite does not need it
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error:
        parts = {}
    if not parts or _is_misread(parts):
        # Do not quote libpq or chain its error: both contain the URL, perhaps with the password.
        raise StoreUnavailable(
            say("DATABASE_URL is not a PostgreSQL URL that libpq can read."),
            hint=say("Use postgres://USER:PASSWORD@HOST/DATABASE, with odd characters as %XX."),
        )
    host = parts.get("host") or parts.get("hostaddr") or "this computer"
    address = Address(
        words=_postgresql_words(parts.get("dbname", ""), host),
        cure=say("Check DATABASE_URL, and that the database runs and can be reached from here."),
    )
    defaults = {name: value for name, value in _POSTGRESQL.items() if name not in parts}
    if "," in host and "target_session_attrs" not in parts:
        defaults["target_session_attrs"] = "read-write"  # else libpq takes any, even a standby
    conninfo = make_conninfo(url, **defaults, client_encoding="UTF8")
    engine = create_engine(
        "postgresql+psycopg://",
        creator=partial(connect, conninfo, address),
        # Overrides the role's and the database's default, so that a statement which waited for
        # a lock sees what the holder of that lock has committed.
        isolation_level="READ COMMITTED",
        pool_size=THREADS,
        max_overflow=0,
        hide_parameters=True,
        use_native_hstore=False,  # else each new connection asks for a type that we never use
    )
    event.listen(engine, "handle_error", drop_useless_connections)
    return engine, address


def _postgresql_words(name: str, host: str) -> Text:
    if not name:
        return say("the PostgreSQL database at {host}", host=host)
    return say("the PostgreSQL database {name} at {host}", name=name, host=host)


def _is_misread(parts: dict[str, str]) -> bool:
    # An unescaped / or @ ends the password early, and its rest becomes host, port or database.
    port = parts.get("port", "").replace(",", "")
    return not (port or "0").isdigit() or any(
        "@" in parts.get(name, "") for name in ("host", "dbname")
    )
