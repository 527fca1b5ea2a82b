"""Keeps the index of each whole project fresh, so that names and typeahead never wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.catalog import Catalog
from bot.core.errors import JobSourceError, SourceUnavailable, StoreUnavailable
from bot.core.listing import pages
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.ports.store import CallBudget
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.watcher.background_reads import BackgroundReads
from bot.watcher.pace import Pace
from bot.watcher.trouble_log import TroubleLog

_log = structlog.get_logger(__name__)

# The watch asks within a second of the moment that the budget opens. What it reads serves the
# index as well, and nothing that we read serves the watch: so we come after it,
_AFTER_THE_WATCH_SECONDS = 2.0
# until the index is as old as this.
_LONGEST_AFTER_SECONDS = 600.0
# Where replicas take turns to read the list for the watch, each comes to read it often enough.
_TURNS = 2
_LEAST_TURNS_SECONDS = 90.0


@dataclass(slots=True)
class _Trouble:
    """The sweeps of one project that failed in a row."""

    log: TroubleLog
    failures: int = 0


class IndexPoller:
    """Sweeps a project; a failed sweep is tried again soon, then ever more rarely."""

    def __init__(
        self,
        catalog: Catalog,
        budget: CallBudget,
        *,
        pace: Pace,
        clock: Clock,
        is_swept: Callable[[Project], bool] = lambda _: False,
        meter: Meter = UNMETERED,
    ) -> None:
        """`is_swept` says that the watch reads the whole list each interval, here or elsewhere."""
        self._catalog = catalog
        self._reads = BackgroundReads(catalog, meter)
        self._budget = budget
        self._pace = pace
        self._clock = clock
        self._is_swept = is_swept
        # By the cloud's own id: it is read before we know for which workspace.
        self._troubles: dict[str, _Trouble] = {}

    async def poll(self, project: Project) -> float:
        """Read the whole project unless somebody just did; the seconds until it is due again.
        Never raises for what the cloud or the database does."""
        pause = self._until_old(project) or await self._until_granted(project)
        if pause:
            return pause
        try:
            sweep = await self._reads.sweep(project)
        except JobSourceError as error:
            return await self._pause_after(project, error)
        if trouble := self._troubles.pop(project.project_id, None):
            trouble.log.is_over()
        return max(self._pace.interval, self._pace.fair_pause(len(sweep.jobs)))

    def _until_old(self, project: Project) -> float:
        """Watched jobs are read by the same list: its answers keep the index fresh as well."""
        interval = self._pace.interval
        if self._is_swept(project):
            interval = max(_TURNS * interval, _LEAST_TURNS_SECONDS)
        # A change of who reads the list is noticed within an interval.
        return min(max(interval - self._age(project), 0.0), max(self._pace.interval, 1.0))

    def _age(self, project: Project) -> float:
        """Seconds since the index was read; no index is older than any."""
        index = self._catalog.index(project)
        return float("inf") if index is None else (self._clock() - index.read_at).total_seconds()

    async def _until_granted(self, project: Project) -> float:
        calls = pages(len(self._catalog.known(project)))
        try:
            wait = await self._budget.take_calls(
                project.project_id, calls, per_minute=self._pace.calls_per_minute
            )
        except StoreUnavailable:
            # People are answered without the database; the pause between sweeps is fair by itself.
            return 0.0
        if wait and self._age(project) < _LONGEST_AFTER_SECONDS:
            return wait.total_seconds() + _AFTER_THE_WATCH_SECONDS
        return wait.total_seconds()

    async def _pause_after(self, project: Project, error: JobSourceError) -> float:
        trouble = self._troubles.setdefault(
            project.project_id, _Trouble(TroubleLog("index", clock=self._clock))
        )
        trouble.failures += 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        if asked:
            try:
                await self._budget.hold_calls(project.project_id, opens_in=timedelta(seconds=asked))
            except StoreUnavailable:
                _log.warning("hold_not_kept", seconds=asked)
        pause = self._pace.until_retry(trouble.failures, asked=asked)
        trouble.log.failed(error, again_in=pause)
        return pause
