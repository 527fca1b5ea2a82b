"""How often in a row a job, or the list, could not be read, and how long it is left alone."""

from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.errors import JobSourceError, SourceUnavailable
from bot.core.job import JobId
from bot.core.ports.store import CallBudget, Lease
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.watcher.pace import Pace
from bot.watcher.trouble_log import TroubleLog

# Far longer than the longest pause between two tries.
_FORGOTTEN_AFTER = timedelta(minutes=15)


class Setbacks:
    """Counted here and not in the database: what follows from it, the time when a row is due, is
    there. After a restart, to try again soon is what people want."""

    def __init__(self, catalog: Catalog, budget: CallBudget, *, pace: Pace, clock: Clock) -> None:
        self._catalog = catalog
        self._budget = budget
        self._pace = pace
        self._clock = clock
        #: None stands for the list.
        self._failures: dict[tuple[Project, JobId] | None, int] = {}
        self._list_opens_at: datetime | None = None
        self._log = TroubleLog("watch", clock=clock)
        self._failed_at = clock()

    async def count_job(self, lease: Lease, error: JobSourceError) -> timedelta:
        """Count one more failure of a leased job; how long to leave it alone."""
        return await self._count((lease.project, lease.job_id), error)

    async def count_list(self, error: JobSourceError) -> timedelta:
        """Count one more failure of the list; how long to leave it alone."""
        pause = await self._count(None, error)
        self._list_opens_at = self._clock() + pause
        return pause

    def until_list(self) -> timedelta:
        """How long the list is still left alone; zero or less if it may be read."""
        return (self._list_opens_at or self._clock()) - self._clock()

    def reopen_list(self) -> None:
        """Something else was read well after an outage: the list may be, too."""
        self._list_opens_at = None

    def forget_job(self, lease: Lease) -> None:
        """It was read well."""
        self._forget((lease.project, lease.job_id))

    def forget_list(self) -> None:
        """The list was read well."""
        self._forget(None)
        self._list_opens_at = None

    def _forget(self, what: tuple[Project, JobId] | None) -> None:
        if not self._failures:
            return
        self._failures.pop(what, None)
        if self._clock() - self._failed_at > _FORGOTTEN_AFTER:
            # What was not tried for so long is watched no more.
            self._failures.clear()
        if not self._failures:
            self._log.is_over()

    async def _count(self, what: tuple[Project, JobId] | None, error: JobSourceError) -> timedelta:
        failures = self._failures[what] = self._failures.get(what, 0) + 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        if asked:
            await self._budget.hold_calls(
                self._catalog.project_id, opens_in=timedelta(seconds=asked)
            )
        pause = self._pace.until_retry(failures, asked=asked)
        self._failed_at = self._clock()
        self._log.failed(error, job=what[1] if what else None, again_in=pause)
        return timedelta(seconds=pause)
