"""What is known of each project's jobs right now, and how well the cloud answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
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


@dataclass(slots=True)
class _Known:
    """What is known of one project."""

    source: JobSource
    index: Listing | None = None
    health: SourceHealth = field(default_factory=SourceHealth)
    by_id: dict[JobId, VisualizationJob] | None = None
    missing: dict[_Call, datetime] = field(default_factory=dict)
    odd: frozenset[OddRow] = frozenset()


class Catalog:
    """Reads jobs through `JobSource`s and remembers the last complete sweep of each project.

    That sweep is the index: typeahead and names are served from it and never wait for the cloud.
    """

    def __init__(
        self,
        *sources: JobSource,
        clock: Clock,
        report_odd: Callable[[OddRow], None] = lambda _: None,
    ) -> None:
        """`report_odd` hears of each row that cannot be read when it appears, and not again while
        it stays."""
        self._clock = clock
        self._report_odd = report_odd
        # By the cloud's own id: workspaces that watch the same project share what is known of it.
        self._projects = {source.project_id: _Known(source) for source in sources}

    def project(self, team_id: str) -> Project:
        """The project that a workspace watches: one is in use, and it is everybody's."""
        return Project(team_id=team_id, project_id=next(iter(self._projects)))

    async def get(self, project: Project, job_id: JobId) -> VisualizationJob:
        """One job, a few seconds old at the most. Raises JobSourceError."""
        known = self._of(project)
        return await self._watched(known, known.source.get(job_id), _Call.DETAIL)

    def is_fresh(self, project: Project, job_id: JobId | None) -> bool:
        """True if to read this job, or the list for None, costs the cloud nothing."""
        return self._of(project).source.is_fresh(job_id)

    async def sweep(self, project: Project) -> Listing:
        """All jobs, a few seconds old at the most. Raises JobSourceError."""
        known = self._of(project)
        known.index = await self._watched(known, known.source.list_all(), _Call.LIST)
        known.by_id = None
        self._note_odd(known, frozenset(known.index.odd))
        return known.index

    def index(self, project: Project) -> Listing | None:
        """The last complete sweep; None before the first."""
        return self._of(project).index

    def health(self, project: Project) -> SourceHealth:
        """How well the cloud answers for it."""
        return self._of(project).health

    def known(self, project: Project) -> tuple[VisualizationJob, ...]:
        """The jobs of the index, however old; none before the first sweep."""
        index = self._of(project).index
        return index.jobs if index else ()

    def last_known(self, project: Project, job_id: JobId) -> VisualizationJob | None:
        """What the index says of a job, however old; None if it says nothing."""
        known = self._of(project)
        if known.by_id is None:
            known.by_id = {job.id: job for job in self.known(project)}
        return known.by_id.get(job_id)

    def _of(self, project: Project) -> _Known:
        return self._projects[project.project_id]

    def _note_odd(self, known: _Known, odd: frozenset[OddRow]) -> None:
        for row in odd - known.odd:
            self._report_odd(row)
        known.odd = odd

    async def _watched(self, known: _Known, reading: Awaitable[_T], call: _Call) -> _T:
        """Keep the books on when the cloud answers well and since when it does not."""
        try:
            answer = await reading
        except JobNotFound as error:
            # That alone tells nothing of how the cloud is: it may deny every job.
            missing_since = self._note_missing(known, call, error.is_missing)
            known.health = replace(known.health, missing_since=missing_since)
            raise
        except JobSourceError as error:
            known.health = replace(
                known.health,
                failing_since=known.health.failing_since or self._clock(),
                last_error=error.sentence,
                missing_since=self._note_missing(known, call, error.is_missing),
            )
            raise
        self._note_missing(known, call, False)
        known.health = SourceHealth(last_good_at=self._clock())
        return answer

    def _note_missing(self, known: _Known, call: _Call, is_missing: bool) -> datetime | None:
        """Since when both calls have been answered by nothing but 404 or 410, if they have."""
        if is_missing:
            known.missing.setdefault(call, self._clock())
        else:
            known.missing.pop(call, None)
        return max(known.missing.values()) if len(known.missing) == len(_Call) else None
