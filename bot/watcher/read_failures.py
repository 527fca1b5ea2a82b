"""How often in a row reads of a job or of the list failed, and the pauses after that."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import JobSourceError, SourceUnavailable
from bot.core.job import JobId
from bot.core.ports.store import CallBudget, Lease
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.watcher.pace import Pace
from bot.watcher.trouble_log import TroubleLog

# Far longer than the longest pause between two tries.
_FORGOTTEN_AFTER = timedelta(minutes=15)


@dataclass(slots=True, kw_only=True)
class _Trouble:
    """The failed reads of one project."""

    log: TroubleLog
    failed_at: datetime
    #: How many reads in a row failed, by job; None stands for the list.
    failures: dict[JobId | None, int] = field(default_factory=dict)
    list_opens_at: datetime | None = None


class ReadFailures:
    """The failed reads in a row, counted in memory only. The database has what follows from them,
    the times when rows are due; and after a restart people want an early retry."""

    def __init__(self, budget: CallBudget, *, pace: Pace, clock: Clock) -> None:
        self._budget = budget
        self._pace = pace
        self._clock = clock
        self._troubles: dict[Project, _Trouble] = {}

    async def count_job(self, lease: Lease, error: JobSourceError) -> timedelta:
        """Count one more failed read of a leased job; return how long to pause it."""
        return await self._count(lease.project, lease.job_id, error)

    async def count_list(self, project: Project, error: JobSourceError) -> timedelta:
        """Count one more failed read of the list; return how long to pause it."""
        pause = await self._count(project, None, error)
        self._trouble(project).list_opens_at = self._clock() + pause
        return pause

    def until_list(self, project: Project) -> timedelta:
        """Return how long the list is still paused; zero or less if it may be read."""
        return (self._trouble(project).list_opens_at or self._clock()) - self._clock()

    def reopen_list(self, project: Project) -> None:
        """End the pause of the list, because another read was good after an outage."""
        self._trouble(project).list_opens_at = None

    def forget_job(self, lease: Lease) -> None:
        """Reset the count of a job that was read well."""
        self._forget(self._trouble(lease.project), lease.job_id)

    def forget_list(self, project: Project) -> None:
        """Reset the count and the pause of the list, which was read well."""
        trouble = self._trouble(project)
        self._forget(trouble, None)
        trouble.list_opens_at = None

    def _trouble(self, project: Project) -> _Trouble:
        found = self._troubles.get(project)
        if found is None:
            log = TroubleLog("watch", clock=self._clock)
            found = self._troubles[project] = _Trouble(log=log, failed_at=self._clock())
        return found

    def _forget(self, trouble: _Trouble, what: JobId | None) -> None:
        if not trouble.failures:
            return
        trouble.failures.pop(what, None)
        if self._clock() - trouble.failed_at > _FORGOTTEN_AFTER:
            # A job that was not tried for so long is not watched any more.
            trouble.failures.clear()
        if not trouble.failures:
            trouble.log.is_over()

    async def _count(
        self, project: Project, what: JobId | None, error: JobSourceError
    ) -> timedelta:
        trouble = self._trouble(project)
        failures = trouble.failures[what] = trouble.failures.get(what, 0) + 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        if asked:
            await self._budget.hold_calls(project.project_id, opens_in=timedelta(seconds=asked))
        pause = self._pace.until_retry(failures, asked=asked)
        trouble.failed_at = self._clock()
        trouble.log.failed(error, job=what, again_in=pause)
        return timedelta(seconds=pause)
