"""The way into the database: transactions with one `now` each, deadlines, errors in words."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import SQLITE_FULL
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from bot.core.errors import StoreRefused, StoreUnavailable
from bot.core.text import Words, say
from bot.store.database.line import Line

CALL_DEADLINE = timedelta(seconds=5)
_CLOSE_DEADLINE = timedelta(seconds=2)

#: Transactions at a time, and connections. Small PostgreSQL plans have 20, and two releases
#: overlap during a deployment.
THREADS = 4

#: So long a SQLite transaction waits for another to end.
BUSY_MILLISECONDS = 5_000

Answer = TypeVar("Answer")

# `true` makes them end with the transaction: behind a pooler the next one belongs to a stranger.
_LIMITS_AND_NOW = text(
    "SELECT clock_timestamp(), set_config('TimeZone', 'UTC', true),"
    " set_config('DateStyle', 'ISO, YMD', true),"
    # Where the role or the database prescribes a path on which there is no schema.
    " CASE WHEN current_schema() IS NULL THEN set_config('search_path', 'public', true) END,"
    " set_config('lock_timeout', :lock, true),"
    " set_config('statement_timeout', :statement, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true)"
)
_LIMIT_SECONDS = {"lock": 2, "statement": 5, "idle": 10}
#: For a migration, which takes the time that it needs, whatever the role or the database says.
NO_LIMITS = {"lock": "0", "statement": "0", "idle": "0"}

# PostgreSQL took back one of two transactions, each of which waited for the other.
_DEADLOCK_DETECTED = "40P01"
# Whoever gave way comes again at once, and may be in the way of the other a second time.
_ATTEMPTS = 3

# What to try where PostgreSQL says why it refuses, by its error code.
_CURES = {
    "25006": say(
        "It refuses writes: it is a standby, or default_transaction_read_only is on. Once it takes"
        " them again the bot goes on by itself; else name the primary in DATABASE_URL."
    ),
    "42501": say(
        "The role of DATABASE_URL lacks a right. Let the owner of the tables type, with its name:"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO role;"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database in words (never with a password), and what to try when it fails."""

    words: Words
    cure: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long a lease lasts, until when what was posted may still appear, and between polls."""

    lease: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=30)
    interval: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An open transaction; `now` is the database's time at its beginning."""

    connection: Connection
    now: datetime
    timing: Timing


class Database:
    """Runs transactions, plain functions, on threads of its own; raises StoreUnavailable.

    PostgreSQL tells the time itself, so that replicas with wrong clocks agree; a SQLite file
    belongs to one process, whose clock is as good. `patience` multiplies every deadline.
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
        #: Asked before each transaction; raises StoreUnavailable where it must not begin.
        self.before_each: Callable[[], None] | None = None
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
        """Run `work` in a transaction; all of it is kept, or nothing."""
        return await self._run(work, deadline, writes=True)

    async def shorten_log(self) -> None:
        """Bring what was committed into the SQLite file itself, so that a copy of it has that."""
        if self.is_sqlite:
            await asyncio.wrap_future(self.threads.submit(self._checkpoint))

    @contextmanager
    def begin(self, line: Line | None = None, *, writes: bool = True) -> Iterator[Transaction]:
        """Open a transaction on this thread. Raises the driver's errors."""
        if self.before_each:
            self.before_each()
        line = line or Line()
        with line.open(), self._connected() as connection:
            if self.is_sqlite:
                begin_sqlite(connection, writes=writes)
                yield Transaction(connection=connection, now=self._clock(), timing=self.timing)
                connection.commit()
            else:
                with line.held(connection):
                    # A connection that was lost while it was idle fails here, at its first
                    # statement: to ask each one beforehand would be a trip more, every time.
                    now = begin_postgresql(connection, self._limits)
                    yield Transaction(connection=connection, now=now, timing=self.timing)
                    line.may_have_committed = True
                    connection.commit()

    async def close(self) -> None:
        """End what runs, and close the connections."""
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
                if self._is_closed:  # and its pool is gone
                    connection.invalidate()

    def _checkpoint(self) -> None:
        # It waits for nobody: what others still read stays in the log until the next time.
        with suppress(SQLAlchemyError), self._connected() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    async def _run(
        self, work: Callable[[Transaction], Answer], deadline: timedelta, *, writes: bool
    ) -> Answer:
        """A caller that is cancelled leaves the transaction to end by itself, in its time."""
        task = asyncio.create_task(self._in_time(work, deadline, writes=writes))
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def _in_time(
        self, work: Callable[[Transaction], Answer], deadline: timedelta, *, writes: bool
    ) -> Answer:
        """Wait for `work` no longer than the deadline; then its thread ends, too."""
        line = Line()
        deadline *= self.patience
        answer = asyncio.wrap_future(
            self.threads.submit(copy_context().run, self._transact, work, line, writes=writes)
        )
        try:
            await asyncio.wait({answer}, timeout=deadline.total_seconds())
        finally:
            if not answer.done():
                answer.cancel()  # one that has not begun never will
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
            task.exception()  # marks it as seen, also when nobody waits any more

    def _transact(
        self, work: Callable[[Transaction], Answer], line: Line, *, writes: bool
    ) -> Answer:
        """Run `work`; again where its connection was lost before the COMMIT was sent, or where it
        and another stood in each other's way and PostgreSQL took it back."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._attempt(work, line, writes=writes)
            except DBAPIError as error:
                if _is_full(error):
                    self._checkpoint()  # the log may be what takes the room
                is_undone = error.connection_invalidated or _is_deadlocked(error)
                if line.may_have_committed or line.is_cut or not is_undone:
                    raise
        return self._attempt(work, line, writes=writes)

    def _attempt(
        self, work: Callable[[Transaction], Answer], line: Line, *, writes: bool
    ) -> Answer:
        with self.begin(line, writes=writes) as transaction:
            return work(transaction)


def _is_deadlocked(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _DEADLOCK_DETECTED


def begin_sqlite(connection: Connection, *, writes: bool) -> None:
    """Begin a transaction, as its driver would begin it late."""
    # One that turns from reading to writing can be refused at once; IMMEDIATE waits. Not as a
    # listener of SQLAlchemy's: where there is one, each statement looks for more.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def begin_postgresql(connection: Connection, limits: Mapping[str, str]) -> datetime:
    """Set in the transaction that begins what no role or database shall prescribe; the time."""
    now: datetime = connection.scalar(_LIMITS_AND_NOW, limits)
    return now


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the driver's errors into StoreUnavailable, in the operator's words."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(cause).split())[:300].rstrip(".")
        if _is_about_the_data(error):
            raise StoreRefused(
                say(
                    "I can't store that in {database}: {words}.", database=address.words, words=said
                )
            ) from error
        cure = _CURES.get(getattr(cause, "sqlstate", None) or "", address.cure)
        raise StoreUnavailable(
            say("I can't use {database}: {words}.", database=address.words, words=said), hint=cure
        ) from error


def _is_full(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == SQLITE_FULL


def _is_about_the_data(error: Exception) -> bool:
    """True if the database was well and another statement would have passed."""
    never_sent = isinstance(error, StatementError) and not isinstance(error, DBAPIError)
    return never_sent or isinstance(error, DataError | IntegrityError)
