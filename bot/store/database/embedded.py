"""SQLite as a coroutine likes it: a whole transaction on one thread, and not a hop for each step.

An asynchronous driver gives each call of the database to a thread and waits for it, a dozen times
in a small transaction. These two have the methods of SQLAlchemy's AsyncEngine and AsyncConnection
and never wait, so that a thread can run the coroutine that uses them from its beginning to its end.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable

Answer = TypeVar("Answer")
P = ParamSpec("P")

# One of them writes at a time; the others read meanwhile.
_THREADS = 4


class EmbeddedEngine:
    """A synchronous engine, and the threads on which its transactions run."""

    def __init__(
        self, engine: Engine, threads: Executor | None = None, *, writes: bool = False
    ) -> None:
        self.sync_engine = engine
        self.threads: Executor = threads or ThreadPoolExecutor(
            _THREADS, thread_name_prefix="sqlite"
        )
        # A transaction that turns from reading to writing can be refused at once; IMMEDIATE waits.
        self._begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @property
    def dialect(self) -> Dialect:
        """How SQLAlchemy speaks to it."""
        return self.sync_engine.dialect

    def for_writing(self) -> "EmbeddedEngine":
        """The same engine and threads, for transactions that write."""
        return EmbeddedEngine(self.sync_engine, self.threads, writes=True)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["EmbeddedConnection"]:
        """Open a transaction, here and now; what is raised inside undoes it."""
        with self.sync_engine.begin() as connection:
            # Not as a listener of SQLAlchemy's: where there is one, each statement looks for more.
            connection.exec_driver_sql(self._begin)
            yield EmbeddedConnection(connection)

    async def dispose(self) -> None:
        """Close the connections that are idle."""
        self.sync_engine.dispose()

    def run(self, work: Coroutine[object, object, Answer]) -> asyncio.Future[Answer]:
        """Run `work`, which waits for nothing but us, on a thread."""
        return asyncio.get_running_loop().run_in_executor(self.threads, _finish, work)


class EmbeddedConnection:
    """A connection inside a transaction. Its rows are there when `execute` returns."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """How SQLAlchemy speaks to it."""
        return self._connection.dialect

    async def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Run a statement, for one set of parameters or many."""
        return self._connection.execute(statement, parameters)

    async def scalar(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Any:
        """The first column of the first row, or None."""
        return self._connection.scalar(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> CursorResult[Any]:
        """Run SQL as it is, past SQLAlchemy's types."""
        return self._connection.exec_driver_sql(statement, parameters)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """Undo only what was done inside, if something is raised there."""
        with self._connection.begin_nested():
            yield

    async def run_sync(
        self, work: Callable[Concatenate[Connection, P], Answer], *given: P.args, **named: P.kwargs
    ) -> Answer:
        """Call `work` with SQLAlchemy's own connection."""
        return work(self._connection, *given, **named)


class EagerConnection(sqlite3.Connection):
    """Its cursors read to the end at once.

    A SELECT that is still being read while its rows are changed has no defined answer.
    """

    def cursor(self, *_: Any, **__: Any) -> sqlite3.Cursor:  # type: ignore[override]  # no factory
        """A new cursor."""
        return super().cursor(EagerCursor)


class EagerCursor(sqlite3.Cursor):
    """Has all its rows when `execute` returns."""

    _rows: Iterator[Any]

    def execute(self, sql: str, *parameters: Any) -> "EagerCursor":
        """Run one statement."""
        super().execute(sql, *parameters)
        self._rows = iter(super().fetchall() if self.description else ())
        return self

    def fetchone(self) -> Any:
        """The next row, or None."""
        return next(self._rows, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """So many rows."""
        return [*islice(self._rows, size)]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return [*self._rows]


def _finish(work: Coroutine[object, object, Answer]) -> Answer:
    try:
        work.send(None)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    work.close()
    raise RuntimeError("a transaction waited for something else than its database")
