"""Failures of a database: a stopped server, a full disk, held locks, exhausted connections."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, event

from bot.store import SqlStore
from bot.store.database.database import THREADS


class Server:
    """A PostgreSQL server of this test, which can be stopped and started."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.uri: str = server.get_uri()
        self.folder = str(server.get_postmaster_info().socket_dir)
        self.restarts = 0

    async def restart(self, mode: str, *, down_for: float) -> None:
        """Stop the server (`immediate` is a crash, `fast` an orderly end), wait, and start it."""
        self.restarts += 1
        await asyncio.to_thread(self._control, "-m", mode, "stop")
        await asyncio.sleep(down_for)
        await asyncio.to_thread(self._control, "-o", f'-h "" -k {self.folder}', "start")

    async def restart_as_standby(self) -> None:
        """Restart as a read-only standby, as a former primary is after a failover."""
        Path(self._server.pgdata, "standby.signal").touch()
        await self.restart("fast", down_for=0)

    async def promote(self) -> None:
        """Promote the server to a primary again; its sessions stay open."""
        await asyncio.to_thread(self._control, "promote")

    def stop(self) -> None:
        """Stop the server for good."""
        self._control("-m", "immediate", "stop")

    def _control(self, *words: str) -> None:
        data = str(self._server.pgdata)
        command = [str(self._server.bin_path / "pg_ctl"), "-w", "-D", data, "-l", f"{data}/log"]
        subprocess.run(
            [*command, *words],
            check=True,
            user=self._server.system_user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


class Disk:
    """The disk of a SQLite file, which a test can make full."""

    def __init__(self, store: SqlStore) -> None:
        self.is_full = False
        self.refusals = 0
        engine = store._database.engine
        event.listen(engine, "begin", self._limit)
        event.listen(engine, "handle_error", self._count)

    def _limit(self, connection: Connection) -> None:
        # SQLite raises a limit of one page to the present size of the file.
        pages = 1 if self.is_full else 2**30
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").close()

    def _count(self, context: Any) -> None:
        self.refusals += "full" in str(context.original_exception)


async def hold_locks(url: str, table: str, *, seconds: float) -> None:
    """Lock a table for this long; longer than a call waits makes every call fail."""
    async with await psycopg.AsyncConnection.connect(url) as holder:
        await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        await asyncio.sleep(seconds)


async def exhaust(store: SqlStore, *, seconds: float) -> None:
    """Take every connection of a store's pool for this long."""
    engine = store._database.engine
    taken = [await asyncio.to_thread(engine.connect) for _ in range(THREADS)]
    await asyncio.sleep(seconds)
    for connection in taken:
        connection.close()


_LOCKER = """
import sqlite3, sys

file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("PRAGMA busy_timeout = 60000")
file.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


async def lock_file(path: Path, *, seconds: float) -> None:
    """Let another process hold the write lock of a SQLite file for this long."""
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-c", _LOCKER, str(path)]
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert process.stdout
    assert await process.stdout.readline() == b"locked\n"
    await asyncio.sleep(seconds)
    await process.communicate(b"")
