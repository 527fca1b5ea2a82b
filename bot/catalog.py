"""What is known of the project's jobs right now, and how well the cloud answers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import TypeVar

from bot.core.errors import JobNotFound, JobSourceError
from bot.core.health import SourceHealth
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, OddRow
from bot.core.ports.cloud import JobSource
from bot.core.ports.time import Clock
from bot.core.project import Project

_T = TypeVar("_T")


class _Call(Enum):
    LIST = "list"
    DETAIL = "detail"


class Catalog:
    """Reads jobs through a `JobSource` and remembers the last complete sweep.

    `index` is that sweep: typeahead and names are served from it and never wait for the cloud.
    """

    def __init__(
        self,
        source: JobSource,
        *,
        clock: Clock,
        report_odd: Callable[[OddRow], None] = lambda _: None,
    ) -> None:
        """`report_odd` hears of each row that cannot be read when it appears, and not again while
        it stays."""
        self._source = source
        self._clock = clock
        self._report_odd = report_odd
        self.index: Listing | None = None
        #: When somebody last asked for anything, or it began: until long after, the index is fresh.
        self.asked_at = clock()
        self.health = SourceHealth()
        self._by_id: dict[JobId, VisualizationJob] | None = None
        self._missing: dict[_Call, datetime] = {}
        self._odd: frozenset[OddRow] = frozenset()

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""
        return self._source.project_id

    def project(self, team_id: str) -> Project:
        """The project, as this workspace watches it."""
        return Project(team_id=team_id, project_id=self._source.project_id)

    async def get(self, job_id: JobId) -> VisualizationJob:
        """One job, a few seconds old at the most. Raises JobSourceError."""
        return await self._watched(self._source.get(job_id), _Call.DETAIL)

    def is_fresh(self, job_id: JobId | None) -> bool:
        """True if to read this job, or the list for None, costs the cloud nothing."""
        return self._source.is_fresh(job_id)

    async def sweep(self) -> Listing:
        """All jobs, a few seconds old at the most. Raises JobSourceError."""
        self.index = await self._watched(self._source.list_all(), _Call.LIST)
        self._by_id = None
        self._note_odd(frozenset(self.index.odd))
        return self.index

    def note_asked(self) -> None:
        """Somebody asks, and may want to choose from the index."""
        self.asked_at = self._clock()

    @property
    def known(self) -> tuple[VisualizationJob, ...]:
        """The jobs of the index, however old; none before the first sweep."""
        return self.index.jobs if self.index else ()

    def last_known(self, job_id: JobId) -> VisualizationJob | None:
        """What the index says of a job, however old; None if it says nothing."""
        if self._by_id is None:
            self._by_id = {job.id: job for job in self.known}
        return self._by_id.get(job_id)

    def _note_odd(self, odd: frozenset[OddRow]) -> None:
        for row in odd - self._odd:
            self._report_odd(row)
        self._odd = odd

    async def _watched(self, reading: Awaitable[_T], call: _Call) -> _T:
        """Keep the books on when the cloud answers well and since when it does not."""
        try:
            answer = await reading
        except JobNotFound as error:
            # That alone tells nothing of how the cloud is: it may deny every job.
            missing_since = self._note_missing(call, error.is_missing)
            self.health = replace(self.health, missing_since=missing_since)
            raise
        except JobSourceError as error:
            self.health = replace(
                self.health,
                failing_since=self.health.failing_since or self._clock(),
                last_error=error.sentence,
                missing_since=self._note_missing(call, error.is_missing),
            )
            raise
        self._note_missing(call, False)
        self.health = SourceHealth(last_good_at=self._clock())
        return answer

    def _note_missing(self, call: _Call, is_missing: bool) -> datetime | None:
        """Since when both calls have been answered by nothing but 404 or 410, if they have."""
        if is_missing:
            self._missing.setdefault(call, self._clock())
        else:
            self._missing.pop(call, None)
        return max(self._missing.values()) if len(self._missing) == len(_Call) else None
