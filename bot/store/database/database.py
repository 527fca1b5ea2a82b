"""Run transactions on SQLite or PostgreSQL, each with one `now` and a deadline."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import SQLITE_FULL
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.core.errors import StoreUnavailable
from bot.core.text import say
from bot.store.database.cuttable_connection import CuttableConnection
from bot.store.database.failures import Address, translated

CALL_DEADLINE = timedelta(seconds=5)
_CLOSE_DEADLINE = timedelta(seconds=2)

#: How many transactions, and so connections, are open at a time. Small PostgreSQL plans allow 20
#: connections, and two releases overlap during a deployment.
THREADS = 4

#: How long a SQLite transaction waits for another one to end.
BUSY_MILLISECONDS = 5_000

Answer = TypeVar("Answer")

# `true` limits a setting to this transaction: behind a pooler the next transaction on the same
# connection may belong to another program.
_LIMITS_AND_NOW = text(
    "SELECT clock_timestamp(), set_config('TimeZone', 'UTC', true),"
    " set_config('DateStyle', 'ISO, YMD', true),"
    # The role or the database may set a search_path on which no schema exists.
    " CASE WHEN current_schema() IS NULL THEN set_config('search_path', 'public', true) END,"
    " set_config('lock_timeout', :lock, true),"
    " set_config('statement_timeout', :statement, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true)"
)
_LIMIT_SECONDS = {"lock": 2, "statement": 5, "idle": 10}
#: For a migration, which may take any time, whatever limits the role or the database sets.
NO_LIMITS = {"lock": "0", "statement": "0", "idle": "0"}

# PostgreSQL's error code when it rolls back one of two transactions that wait for each other.
_DEADLOCK_DETECTED = "40P01"
# A transaction that was rolled back is retried at once, and may meet the same other one again.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long a lease lasts, how long after a post Slack may still begin to show it, and the time
    between two polls."""

    lease: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=30)
    interval: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An open transaction; `now` is the store's time at its beginning."""

    connection: Connection
    now: datetime
    timing: Timing


class Database:
    """The runner of transactions: plain functions on its own threads. Raises StoreUnavailable.

    PostgreSQL's clock gives `now`, so that replicas with wrong clocks agree; a SQLite file belongs
    to one process, whose clock suffices. `patience` multiplies every deadline.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        address: Address,
        clock: Callable[[], datetime],
        timing: Timing,
        patience: int = 1,
    ) -> None:
        self.engine = engine
        self.address = address
        self.threads: Executor = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        self._clock = clock
        self.timing = timing
        self.patience = patience
        self._limits = {name: f"{span * patience}s" for name, span in _LIMIT_SECONDS.items()}
        #: Called before each transaction; raises StoreUnavailable to prevent it.
        self.before_each: Callable[[], None] | None = None
        #: How many writing transactions have ended, committed or not: older reads may be outdated.
        self.writes_ended = 0
        self._running: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    @property
    def is_sqlite(self) -> bool:
        """True for a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    async def read(
        self, work: Callable[[Transaction], Answer], *, deadline: timedelta = CALL_DEADLINE
    ) -> Answer:
        """Run `work` in a transaction that only reads."""
        return await self._run(work, deadline, writes=False)

    async def write(
        self, work: Callable[[Transaction], Answer], *, deadline: timedelta = CALL_DEADLINE
    ) -> Answer:
        """Run `work` in a transaction that commits everything or nothing."""
        return await self._run(work, deadline, writes=True)

    async def checkpoint(self) -> None:
        """Checkpoint the write-ahead log, so that a copy of the SQLite file alone is complete."""
        if self.is_sqlite:
            await asyncio.wrap_future(self.threads.submit(self._checkpoint))

    @contextmanager
    def begin(
        self, line: CuttableConnection | None = None, *, writes: bool = True
    ) -> Iterator[Transaction]:
        """Open a transaction on this thread; commit it at the end. Raises the driver's errors."""
        if self.before_each:
            self.before_each()
        line = line or CuttableConnection()
        with line.open(), self._connected() as connection:
            if self.is_sqlite:
                begin_sqlite(connection, writes=writes)
                yield Transaction(connection=connection, now=self._clock(), timing=self.timing)
                connection.commit()
            else:
                with line.held(connection):
                    # A connection that was lost while idle fails here, at its first statement:
                    # testing each connection beforehand would cost a round trip every time.
                    now = begin_postgresql(connection, self._limits)
                    yield Transaction(connection=connection, now=now, timing=self.timing)
                    line.may_have_committed = True
                    connection.commit()

    async def close(self) -> None:
        """Wait up to 2 s for running transactions, cancel the rest, and close the connections."""
        self._is_closed = True
        if self._running:
            await asyncio.wait(self._running, timeout=_CLOSE_DEADLINE.total_seconds())
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        self.threads.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            try:
                yield connection
            finally:
                if self._is_closed:  # its pool does not close it any more
                    connection.invalidate()

    def _checkpoint(self) -> None:
        # Do not wait for readers: pages that they still need stay in the log until the next time.
        with suppress(SQLAlchemyError), self._connected() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    async def _run(
        self, work: Callable[[Transaction], Answer], deadline: timedelta, *, writes: bool
    ) -> Answer:
        """Run `work` in a task of its own, so that cancelling the caller does not abort it."""
        task = asyncio.create_task(self._in_time(work, deadline, writes=writes))
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def _in_time(
        self, work: Callable[[Transaction], Answer], deadline: timedelta, *, writes: bool
    ) -> Answer:
        """Wait for `work` until the deadline, then cut its connection to free the thread."""
        line = CuttableConnection()
        deadline *= self.patience
        answer = asyncio.wrap_future(
            self.threads.submit(copy_context().run, self._transact, work, line, writes=writes)
        )
        try:
            await asyncio.wait({answer}, timeout=deadline.total_seconds())
        finally:
            self.writes_ended += writes
            if not answer.done():
                answer.cancel()  # work that has not begun never begins
                line.cut()
        if answer.cancelled():
            raise StoreUnavailable(
                say(
                    "I got no answer within {seconds}\u00a0s from {database}.",
                    database=self.address.words,
                    seconds=f"{deadline.total_seconds():g}",
                ),
                hint=self.address.cure,
            )
        with translated(self.address):
            return answer.result()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # else asyncio logs an error that nobody retrieved

    def _transact(
        self, work: Callable[[Transaction], Answer], line: CuttableConnection, *, writes: bool
    ) -> Answer:
        """Run `work`; retry it if its connection was lost before the COMMIT was sent, or if
        PostgreSQL rolled it back because of a deadlock."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._attempt(work, line, writes=writes)
            except DBAPIError as error:
                if _is_full(error):
                    self._checkpoint()  # the write-ahead log may fill the disk
                is_undone = error.connection_invalidated or _is_deadlocked(error)
                if line.may_have_committed or line.is_cut or not is_undone:
                    raise
        return self._attempt(work, line, writes=writes)

    def _attempt(
        self, work: Callable[[Transaction], Answer], line: CuttableConnection, *, writes: bool
    ) -> Answer:
        with self.begin(line, writes=writes) as transaction:
            return work(transaction)


def _is_deadlocked(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _DEADLOCK_DETECTED


# SQLite refuses one of two simultaneous switches to WAL at once, despite the busy timeout.
_TURNING = Lock()


def use_write_ahead_log(execute: Callable[[str], object]) -> None:
    """Switch a SQLite file to WAL mode, in which readers and the writer do not block each other."""
    with _TURNING:
        execute("PRAGMA journal_mode = WAL")


def begin_sqlite(connection: Connection, *, writes: bool) -> None:
    """Begin a transaction explicitly, because the driver would begin it too late."""
    # A transaction that turns from reading to writing can be refused at once; IMMEDIATE waits. Not
    # a SQLAlchemy listener: with one, every statement would spend time on looking for listeners.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_postgresql(connection: Connection, limits: Mapping[str, str]) -> datetime:
    """Override the role's and the database's settings for this transaction; return its time."""
    now: datetime = connection.scalar(_LIMITS_AND_NOW, limits)
    return now


def _is_full(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == SQLITE_FULL
