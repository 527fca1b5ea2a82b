"""An event loop whose time jumps to the next timer, and a SQLite store that runs on its thread.

The work of a task between two timers takes no virtual time, and the loop never really waits.
"""

import asyncio
import selectors
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Dialect, event
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store import SqlStore, open_store

#: In Europe clocks are put forward in the following night.
START = datetime(2026, 3, 28, 12, tzinfo=UTC)

Answer = TypeVar("Answer")

#: Called with the name of the next operation; an exception of it is the database's.
Mishap = Callable[[str], None]


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time begins at 0 and moves only when no task is ready."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        """Return the virtual seconds since the beginning."""
        return self._leap.elapsed

    def clock(self) -> datetime:
        """Return the virtual wall-clock time."""
        return START + timedelta(seconds=self._leap.elapsed)


class _Leap(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.elapsed += max(timeout, 0.0)
        return []


def run(loop: VirtualLoop, work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run one coroutine to its end, and cancel the tasks that it leaves behind."""
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(_give_up_the_rest())


def open_on_this_thread(
    file: Path,
    *,
    clock: Callable[[], datetime],
    interval: timedelta,
    mishap: Mishap = lambda _: None,
) -> SqlStore:
    """Open the real store over a migrated file; its transactions run on the calling thread."""
    store = open_store(f"sqlite:///{file}", clock=clock, interval=interval)

    def connect(
        _dialect: Dialect, _entry: ConnectionPoolEntry, _arguments: object, _options: object
    ) -> sqlite3.Connection:
        connection = sqlite3.connect(file, factory=_Connection, cached_statements=500)
        connection.mishap = mishap
        return connection

    store._database.threads = Here()
    event.listen(store._database.engine, "do_connect", connect, insert=True)
    return store


class Here(Executor):
    """An executor that runs each call at once, on the calling thread."""

    def submit(self, fn: Callable[..., Answer], /, *given: Any, **named: Any) -> "Future[Answer]":
        """Call the function, and return a future that is done."""
        done: Future[Answer] = Future()
        try:
            done.set_result(fn(*given, **named))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            done.set_exception(error)
        return done


class _Connection(sqlite3.Connection):
    mishap: Mishap

    def cursor(self, *_: Any, **__: Any) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(_Cursor)

    def commit(self) -> None:
        self.mishap("before the commit")
        super().commit()
        self.mishap("after the commit")


class _Cursor(sqlite3.Cursor):
    connection: _Connection

    def execute(self, sql: str, *parameters: Any) -> "_Cursor":
        self.connection.mishap("a statement")
        super().execute(sql, *parameters)
        return self

    def executemany(self, sql: str, rows: Any) -> "_Cursor":
        self.connection.mishap("a statement")
        super().executemany(sql, rows)
        return self


async def _give_up_the_rest() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
