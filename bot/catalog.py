"""The catalog: the last jobs read of each project, and how well the cloud answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import TypeVar

from bot.core.errors import JobNotFound, JobSourceError, LoginRefused, SourceRefused
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
    """The catalog's entry for one project."""

    source: JobSource
    asked_at: datetime
    index: Listing | None = None
    health: SourceHealth = field(default_factory=SourceHealth)
    by_id: dict[JobId, VisualizationJob] | None = None
    missing: dict[_Call, datetime] = field(default_factory=dict)
    odd: frozenset[OddRow] = frozenset()


class Catalog:
    """A reader of jobs that keeps the last complete sweep of each project.

    That sweep is the index: typeahead and names come from it and never wait for the cloud.
    """

    def __init__(
        self,
        *sources: JobSource,
        clock: Clock,
        report_odd: Callable[[OddRow], None] = lambda _: None,
    ) -> None:
        """Call `report_odd` once for each unreadable row of a list, and again only if the row
        returns after a sweep without it."""
        self._clock = clock
        self._report_odd = report_odd
        # Keyed by the cloud's project id, so that workspaces with the same project share an entry.
        self._projects = {source.project_id: _Known(source, clock()) for source in sources}

    def project(self, team_id: str) -> Project:
        """Return the project that a workspace watches: the first source's, for every workspace."""
        return Project(team_id=team_id, project_id=next(iter(self._projects)))

    async def get(self, project: Project, job_id: JobId) -> VisualizationJob:
        """Return one job, a few seconds old at the most. Raises JobSourceError."""
        known = self._of(project)
        is_known = known.index is None or self.last_known(project, job_id) is not None
        return await self._watched(known, known.source.get(job_id), _Call.DETAIL, is_known=is_known)

    def is_fresh(self, project: Project, job_id: JobId | None) -> bool:
        """Return whether reading this job (None: the list) would need no call to the cloud."""
        return self._of(project).source.is_fresh(job_id)

    async def sweep(self, project: Project) -> Listing:
        """Return all jobs, a few seconds old at the most. Raises JobSourceError."""
        known = self._of(project)
        known.index = await self._watched(known, known.source.list_all(), _Call.LIST)
        known.by_id = None
        self._note_odd(known, frozenset(known.index.odd))
        return known.index

    def note_asked(self, team_id: str) -> None:
        """Record that a person of a workspace asks now, and may choose jobs from the index."""
        self._of(self.project(team_id)).asked_at = self._clock()

    def asked_at(self, project: Project) -> datetime:
        """Return when a person last asked about the project; at first, when the bot started."""
        return self._of(project).asked_at

    def index(self, project: Project) -> Listing | None:
        """Return the last complete sweep; None before the first."""
        return self._of(project).index

    def health(self, project: Project) -> SourceHealth:
        """Return how well the cloud answers reads of this project."""
        return self._of(project).health

    def known(self, project: Project) -> tuple[VisualizationJob, ...]:
        """Return the jobs of the index, however old; an empty tuple before the first sweep."""
        index = self._of(project).index
        return index.jobs if index else ()

    def last_known(self, project: Project, job_id: JobId) -> VisualizationJob | None:
        """Return a job from the index, however old; None if the index does not list the job."""
        known = self._of(project)
        if known.by_id is None:
            known.by_id = {job.id: job for job in self.known(project)}
        return known.by_id.get(job_id)

    def name_of(self, project: Project, job_id: JobId) -> str:
        """Return the name of a job from the index; empty if the index does not list the job."""
        job = self.last_known(project, job_id)
        return job.name if job else ""

    def names_job(self, project: Project, word: str) -> bool:
        """Return True if the index has a job of exactly this id or name, in upper or lower case."""
        sought = word.casefold()
        return any(
            sought in (str(job.id), job.name.casefold()) for job in self.known(project) if sought
        )

    def _of(self, project: Project) -> _Known:
        return self._projects[project.project_id]

    def _note_odd(self, known: _Known, odd: frozenset[OddRow]) -> None:
        for row in odd - known.odd:
            self._report_odd(row)
        known.odd = odd

    async def _watched(
        self, known: _Known, reading: Awaitable[_T], call: _Call, *, is_known: bool = True
    ) -> _T:
        """Await a read, and record in the project's health whether it was good."""
        try:
            answer = await reading
        except JobNotFound as error:
            # A denied job shows neither that the cloud is well nor that it fails: a cloud in
            # trouble may deny every job.
            missing_since = self._note_missing(known, call, error.is_missing)
            known.health = replace(known.health, missing_since=missing_since)
            raise
        except JobSourceError as error:
            if _is_about_the_id(error) and not is_known:
                raise
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
        """Record whether a call got 404 or 410; return since when both calls get only these, or
        None."""
        if is_missing:
            known.missing.setdefault(call, self._clock())
        else:
            known.missing.pop(call, None)
        return max(known.missing.values()) if len(known.missing) == len(_Call) else None


def _is_about_the_id(error: JobSourceError) -> bool:
    """Return whether the refusal may concern this job id alone. If the index does not list the id,
    such a refusal says nothing about the cloud's health."""
    is_refused = isinstance(error, SourceRefused) and not isinstance(error, LoginRefused)
    return is_refused and not error.is_missing
