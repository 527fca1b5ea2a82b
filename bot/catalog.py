"""What is known of the project's jobs right now, and how well the cloud answers."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.core.errors import JobNotFound, JobSourceError
from bot.core.health import SourceHealth
from bot.core.job import JobId, VisualizationJob
from bot.core.ports import Clock, JobSource

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All jobs of the project, as one complete reading of the list."""

    jobs: tuple[VisualizationJob, ...]
    read_at: datetime


class Catalog:
    """Reads jobs through a `JobSource` and remembers the last complete sweep.

    `index` is that sweep: typeahead and names are served from it and never wait for the cloud.
    """

    def __init__(self, source: JobSource, *, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self.index: Sweep | None = None
        self.health = SourceHealth()
        self._by_id: dict[JobId, VisualizationJob] | None = None

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""
        return self._source.project_id

    async def get(self, job_id: JobId) -> VisualizationJob:
        """One job, a few seconds old at the most. Raises JobSourceError."""
        return await self._watched(self._source.get(job_id))

    async def sweep(self) -> Sweep:
        """All jobs, a few seconds old at the most. Raises JobSourceError."""
        asked_at = self._clock()
        jobs = await self._watched(self._source.list_all())
        # Others may have shared their read with us: what is older than our question says so.
        read_at = min((job.read_at for job in jobs), default=asked_at)
        self.index = Sweep(jobs=jobs, read_at=read_at)
        self._by_id = None
        return self.index

    @property
    def known(self) -> tuple[VisualizationJob, ...]:
        """The jobs of the index, however old; none before the first sweep."""
        return self.index.jobs if self.index else ()

    def last_known(self, job_id: JobId) -> VisualizationJob | None:
        """What the index says of a job, however old; None if it says nothing."""
        if self._by_id is None:
            self._by_id = {job.id: job for job in self.known}
        return self._by_id.get(job_id)

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
