"""What the bot remembers: each method is one transaction, in SQL that both databases read."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store import schema
from bot.store.tables import UtcTime, last_asked

_CALL_DEADLINE = timedelta(seconds=5)
_CHECK_DEADLINE = timedelta(seconds=1.5)
_CLOSE_DEADLINE = timedelta(seconds=2)

_Answer = TypeVar("_Answer")

_REMEMBER_ASKED = text(
    "INSERT INTO last_asked (team_id, user_id, project_id, job_id, asked_at)"
    " VALUES (:team_id, :user_id, :project_id, :job_id, :asked_at)"
    " ON CONFLICT (team_id, user_id, project_id)"
    " DO UPDATE SET job_id = excluded.job_id, asked_at = excluded.asked_at"
).bindparams(bindparam("asked_at", type_=UtcTime))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database in words (never with a password), and what to try when it fails."""

    words: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCondition:
    """What a check of the database found; `problem` and `cure` are empty if all is well."""

    place: str
    is_reachable: bool
    has_schema: bool
    problem: str = ""
    cure: str = ""

    @property
    def is_good(self) -> bool:
        """True if the bot can work with it."""
        return self.is_reachable and self.has_schema


class SqlStore:
    """The Store port over SQLite or PostgreSQL; its methods raise StoreUnavailable."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        place: Place,
        project_id: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._place = place
        self._project_id = project_id
        self._clock = clock
        self._running: set[asyncio.Task[object]] = set()
        self._probe: asyncio.Task[str] | None = None

    async def remember_asked(self, team_id: str, user_id: str, job_id: JobId) -> None:
        """This person last asked for this job."""
        row = {
            "team_id": team_id,
            "user_id": user_id,
            "project_id": self._project_id,
            "job_id": job_id,
            "asked_at": self._clock(),
        }

        async def write() -> None:
            async with self._writer.begin() as connection:
                await connection.execute(_REMEMBER_ASKED, row)

        await self._in_time(write())

    async def last_asked(self, team_id: str, user_id: str) -> JobId | None:
        """The job this person last asked for, or None."""
        query = select(last_asked.c.job_id).where(
            last_asked.c.team_id == team_id,
            last_asked.c.user_id == user_id,
            last_asked.c.project_id == self._project_id,
        )

        async def read() -> JobId | None:
            async with self._engine.begin() as connection:
                job_id = await connection.scalar(query)
            return None if job_id is None else JobId(job_id)

        return await self._in_time(read())

    async def prepare(self) -> None:
        """Make ready to serve: bring a SQLite file up to date, refuse an old PostgreSQL schema."""
        if self._engine.dialect.name == "sqlite":
            with translated(self._place):
                await schema.bring_up(self._writer)
            return
        problem = self._schema_problem(await self._in_time(self._revision()))
        if problem:
            raise StoreUnavailable(problem, hint=_MIGRATE)

    async def check(self) -> StoreCondition:
        """Say whether the database answers and has our tables; takes 1.5 s at most.

        A database that hangs is asked once, whoever wants to know meanwhile.
        """
        if self._probe is None or self._probe.done():
            self._probe = self._start(self._revision())
        probe = self._probe
        await asyncio.wait({probe}, timeout=_CHECK_DEADLINE.total_seconds())
        if not probe.done() and self._probe is probe:
            # The next check shall meet another connection: only this one may be dead.
            probe.cancel()
            self._probe = None
        try:
            revision = _result(probe, self._place, _CHECK_DEADLINE)
        except StoreUnavailable as error:
            return self._condition(is_reachable=False, problem=str(error), cure=error.hint)
        problem = self._schema_problem(revision)
        return self._condition(problem=problem, cure=_MIGRATE if problem else "")

    async def close(self) -> None:
        """Close the connections; what hangs is left behind."""
        for task in self._running:
            task.cancel()
        closing = self._start(self._engine.dispose())
        await asyncio.wait({closing}, timeout=_CLOSE_DEADLINE.total_seconds())

    async def _in_time(self, work: Coroutine[object, object, _Answer]) -> _Answer:
        # Not asyncio.timeout: to cancel psycopg means to wait for a server that may be hanging.
        task = self._start(work)
        try:
            await asyncio.wait({task}, timeout=_CALL_DEADLINE.total_seconds())
            return _result(task, self._place, _CALL_DEADLINE)
        finally:
            task.cancel()

    def _start(self, work: Coroutine[object, object, _Answer]) -> asyncio.Task[_Answer]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # marks it as seen, also when nobody waits any more

    async def _revision(self) -> str:
        async with self._engine.begin() as connection:
            return await connection.run_sync(schema.current_revision)

    def _schema_problem(self, revision: str) -> str:
        if schema.is_current(revision):
            return ""
        needed = schema.known_revisions()[-1]
        has = f"is at revision {revision}" if revision else "has no tables of ours"
        return f"{self._place.words} {has}; this version needs revision {needed}"

    def _condition(self, *, is_reachable: bool = True, problem: str, cure: str) -> StoreCondition:
        return StoreCondition(
            place=self._place.words,
            is_reachable=is_reachable,
            has_schema=not problem,
            problem=problem,
            cure=cure,
        )


_MIGRATE = "Run `visjob migrate`."


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turn the driver's errors into StoreUnavailable, in the operator's words."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(cause).split())[:300]
        raise StoreUnavailable(f"{place.words} failed: {said}", hint=place.cure) from error


def _result(task: asyncio.Task[_Answer], place: Place, deadline: timedelta) -> _Answer:
    if not task.done() or task.cancelled():
        span = f"{deadline.total_seconds():g} s"
        raise StoreUnavailable(f"{place.words} gave no answer within {span}", hint=place.cure)
    with translated(place):
        return task.result()
