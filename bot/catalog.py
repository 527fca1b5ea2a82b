"""What is known of the project's jobs right now: few reads of the cloud, shared by all who ask."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from bot.core.errors import JobNotFound, JobSourceError
from bot.core.health import SourceHealth
from bot.core.job import JobId, VisualizationJob
from bot.core.ports import Clock, JobSource, Monotonic

_K = TypeVar("_K")
_T = TypeVar("_T")

#: An answer this old is still shown as it is: everyone who asks meanwhile shares the read.
SHARED_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All jobs of the project, as one complete reading of the list."""

    jobs: tuple[VisualizationJob, ...]
    read_at: datetime


class Catalog:
    """Reads jobs through a `JobSource`, at most once per job and few seconds.

    `index` is the last complete sweep: typeahead and names are served from it and never wait
    for the cloud.
    """

    def __init__(self, source: JobSource, *, clock: Clock, monotonic: Monotonic) -> None:
        self._source = source
        self._clock = clock
        self._jobs: _SharedReads[JobId, VisualizationJob] = _SharedReads(monotonic)
        self._sweeps: _SharedReads[None, Sweep] = _SharedReads(monotonic)
        self.index: Sweep | None = None
        self.health = SourceHealth()

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""
        return self._source.project_id

    async def get(self, job_id: JobId) -> VisualizationJob:
        """One job, at most SHARED_SECONDS old. Raises JobSourceError."""
        return await self._jobs.read(job_id, lambda: self._watched(self._source.get(job_id)))

    async def sweep(self) -> Sweep:
        """All jobs, at most SHARED_SECONDS old. Raises JobSourceError."""
        return await self._sweeps.read(None, self._sweep)

    def last_known(self, job_id: JobId) -> VisualizationJob | None:
        """What the index says of a job, however old; None if it says nothing."""
        jobs = self.index.jobs if self.index else ()
        return next((job for job in jobs if job.id == job_id), None)

    async def _sweep(self) -> Sweep:
        read_at = self._clock()
        jobs = await self._watched(self._source.list_all())
        self.index = Sweep(jobs=jobs, read_at=read_at)
        return self.index

    async def _watched(self, reading: Awaitable[_T]) -> _T:
        """Keep the books on when the cloud answers well and since when it does not."""
        try:
            answer = await reading
        except JobNotFound:
            self._note_good()
            raise
        except JobSourceError as error:
            since = self.health.failing_since or self._clock()
            self.health = replace(self.health, failing_since=since, last_error=str(error))
            raise
        self._note_good()
        return answer

    def _note_good(self) -> None:
        self.health = SourceHealth(last_good_at=self._clock())


class _SharedReads(Generic[_K, _T]):
    """One read per key at a time; its answer serves everyone for SHARED_SECONDS.

    Errors are shared with those who wait, and then forgotten.
    """

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._fresh: dict[_K, tuple[float, _T]] = {}
        self._under_way: dict[_K, asyncio.Task[_T]] = {}

    async def read(self, key: _K, start: Callable[[], Awaitable[_T]]) -> _T:
        held = self._fresh.get(key)
        if held and self._monotonic() - held[0] < SHARED_SECONDS:
            return held[1]
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(self._run(key, start))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        # Somebody who gives up waiting must not take the read away from the others.
        return await asyncio.shield(task)

    async def _run(self, key: _K, start: Callable[[], Awaitable[_T]]) -> _T:
        # Aged from before the read: what is shown is never older than it says.
        asked_at = self._monotonic()
        answer = await start()
        self._drop_stale(asked_at)
        self._fresh[key] = (asked_at, answer)
        return answer

    def _drop_stale(self, now: float) -> None:
        if len(self._fresh) < _HELD_AT_MOST:
            return
        self._fresh = {
            key: held for key, held in self._fresh.items() if now - held[0] < SHARED_SECONDS
        }

    def _forget(self, key: _K, done: asyncio.Task[_T]) -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # everyone may have given up waiting; it is no orphan then


# Only a bound on memory; a stale answer is never shown.
_HELD_AT_MOST = 1000
