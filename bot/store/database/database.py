"""The way into the database: transactions with one `now` each, deadlines, errors in words."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.errors import StoreRefused, StoreUnavailable
from bot.store.database.embedded import EmbeddedConnection, EmbeddedEngine

_CALL_DEADLINE = timedelta(seconds=5)
_CLOSE_DEADLINE = timedelta(seconds=2)

Answer = TypeVar("Answer")

AnyEngine = AsyncEngine | EmbeddedEngine

# `true` makes them end with the transaction: behind a pooler the next one belongs to a stranger.
_LIMITS_AND_NOW = text(
    "SELECT clock_timestamp(), set_config('TimeZone', 'UTC', true),"
    " set_config('DateStyle', 'ISO, YMD', true),"
    " set_config('lock_timeout', :lock, true),"
    " set_config('statement_timeout', :statement, true),"
    " set_config('idle_in_transaction_session_timeout', :idle, true)"
)
_LIMIT_SECONDS = {"lock": 2, "statement": 5, "idle": 10}

# What to try where PostgreSQL says why it refuses, by its error code.
_CURES = {
    "25006": "It refuses writes: it is a standby, or default_transaction_read_only is on. Once it"
    " takes them again the bot goes on by itself; else name the primary in DATABASE_URL.",
    "42501": "The role of DATABASE_URL lacks a right. Let the owner of the tables type, with its"
    " name: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO role;",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database in words (never with a password), and what to try when it fails."""

    words: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An open transaction; `now` is the database's time at its beginning."""

    connection: AsyncConnection | EmbeddedConnection
    now: datetime


class Database:
    """An engine with the manners of a good guest; every method raises StoreUnavailable.

    PostgreSQL tells the time itself, so that replicas with wrong clocks agree; a SQLite file
    belongs to one process, whose clock is as good. `patience` multiplies every deadline.
    """

    def __init__(
        self,
        engine: AnyEngine,
        *,
        address: Address,
        clock: Callable[[], datetime],
        patience: int = 1,
    ) -> None:
        self.engine = engine
        self.writer = writing(engine)
        self.address = address
        self._clock = clock
        self._patience = patience
        self._limits = {name: f"{span * patience}s" for name, span in _LIMIT_SECONDS.items()}
        self._running: set[asyncio.Future[Any]] = set()

    @property
    def is_sqlite(self) -> bool:
        """True for a SQLite file."""
        return isinstance(self.engine, EmbeddedEngine)

    async def read(self, work: Callable[[Transaction], Awaitable[Answer]]) -> Answer:
        """Run `work` in a transaction that only reads."""
        return await self.in_time(self.run(work))

    async def write(
        self,
        work: Callable[[Transaction], Awaitable[Answer]],
        *,
        deadline: timedelta = _CALL_DEADLINE,
    ) -> Answer:
        """Run `work` in a transaction; all of it is kept, or nothing."""
        return await self.in_time(self.run(work, self.writer), deadline=deadline)

    async def in_time(
        self, work: Coroutine[object, object, Answer], *, deadline: timedelta = _CALL_DEADLINE
    ) -> Answer:
        """Wait for `work` no longer than the deadline, and leave behind what hangs.

        A caller that is cancelled leaves the transaction to end by itself: to break one off in
        the middle can leave SQLite's only connection inside it.
        """
        # Not asyncio.timeout: to cancel psycopg means to wait for a server that may be hanging.
        deadline *= self._patience
        task = self.start(work)
        await asyncio.wait({task}, timeout=deadline.total_seconds())
        if not task.done() and not self.is_sqlite:
            task.cancel()
        return self.result(task, deadline)

    async def run(
        self, work: Callable[[Transaction], Awaitable[Answer]], engine: AnyEngine | None = None
    ) -> Answer:
        """Run `work` in a transaction, however long it takes. Raises the driver's errors.

        Where the connection turns out to be of no use before the COMMIT was sent, nothing was
        kept: `work` runs once more on a fresh one.
        """
        engine = engine or self.engine
        if isinstance(engine, EmbeddedEngine):
            async with engine.begin() as embedded:
                return await work(Transaction(connection=embedded, now=self._clock()))
        async with engine.connect() as connection:
            try:
                answer = await self._attempt(work, connection)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                await connection.rollback()  # the next statement gets a fresh connection
                answer = await self._attempt(work, connection)
            await connection.commit()
            return answer

    def start(self, work: Coroutine[object, object, Answer]) -> asyncio.Future[Answer]:
        """Run `work` beside the caller; it ends with the database at the latest."""
        task: asyncio.Future[Answer]
        if isinstance(self.engine, EmbeddedEngine):
            task = self.engine.run(work)
        else:
            task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._forget)
        return task

    def result(self, task: asyncio.Future[Answer], deadline: timedelta) -> Answer:
        """Read what a task answered within the deadline."""
        if not task.done() or task.cancelled():
            span = f"{deadline.total_seconds():g} s"
            raise StoreUnavailable(
                f"{self.address.words} gave no answer within {span}", hint=self.address.cure
            )
        with translated(self.address):
            return task.result()

    async def close(self) -> None:
        """Close the connections; what hangs is left behind."""
        if self.is_sqlite and self._running:
            await asyncio.wait(self._running, timeout=_CALL_DEADLINE.total_seconds())
        for task in self._running:
            task.cancel()
        closing = self.start(self.engine.dispose())
        await asyncio.wait({closing}, timeout=_CLOSE_DEADLINE.total_seconds())

    async def _attempt(
        self, work: Callable[[Transaction], Awaitable[Answer]], connection: AsyncConnection
    ) -> Answer:
        """Begin a transaction and run `work` in it, without a COMMIT.

        A connection that was lost while it was idle fails here, at its first statement: to ask
        each one beforehand would be one more trip to the server, every time.
        """
        now: datetime = await connection.scalar(_LIMITS_AND_NOW, self._limits)
        return await work(Transaction(connection=connection, now=now))

    def _forget(self, task: asyncio.Future[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen, also when nobody waits any more


def writing(engine: AnyEngine) -> AnyEngine:
    """The same engine, for transactions that write."""
    return engine.for_writing() if isinstance(engine, EmbeddedEngine) else engine


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Turn the driver's errors into StoreUnavailable, in the operator's words."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(cause).split())[:300]
        if _is_about_the_data(error):
            raise StoreRefused(f"{address.words} did not take it: {said}") from error
        cure = _CURES.get(getattr(cause, "sqlstate", None) or "", address.cure)
        raise StoreUnavailable(f"{address.words} failed: {said}", hint=cure) from error


def _is_about_the_data(error: Exception) -> bool:
    """True if the database was well and another statement would have passed."""
    never_sent = isinstance(error, StatementError) and not isinstance(error, DBAPIError)
    return never_sent or isinstance(error, DataError | IntegrityError)
