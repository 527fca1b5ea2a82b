"""Keep the index of each project fresh, so that names and typeahead never wait.

While nobody asks, nobody chooses from the index, so it is read rarely.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

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

# The lists that the watch reads serve the index, but not the other way round. The watch asks the
# budget within a second after it opens, so the index asks this much later,
_AFTER_THE_WATCH_SECONDS = 2.0
# unless the index is older than this.
_LONGEST_AFTER_SECONDS = 600.0
# If the watch reads the whole list, replicas take turns at it, so an index may be this many
# intervals old, or this many seconds, before it is read for itself.
_TURNS = 2
_LEAST_TURNS_SECONDS = 90.0
# If nobody asked for so long, the index is read only every `_REST_SECONDS`, which is a little less
# than the five minutes for which a dead man's switch waits.
_ASKED_WITHIN = timedelta(minutes=10)
_REST_SECONDS = 280.0
# How often to check whether somebody asks again, so that the index is fresh soon.
_LOOK_SECONDS = 1.0


@dataclass(slots=True)
class _Trouble:
    """The failed sweeps in a row of one project."""

    log: TroubleLog
    failed_at: datetime
    failures: int = 0
    #: Until when the trouble lasted, as far as good reads by others show; None if there were none.
    over_at: datetime | None = None


class IndexPoller:
    """The worker that sweeps projects. It retries a failed sweep soon, then less and less often."""

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
        """`is_swept` returns whether the watch of any replica reads the project's whole list each
        interval."""
        self._catalog = catalog
        self._reads = BackgroundReads(catalog, meter)
        self._budget = budget
        self._pace = pace
        self._clock = clock
        self._is_swept = is_swept
        # Keyed by the cloud's project id, because the index is read before a workspace is known.
        self._troubles: dict[str, _Trouble] = {}

    async def poll(self, project: Project) -> float:
        """Read the whole project, unless its index is fresh; return the seconds until the next read
        is due. Raises nothing for failures of the cloud or the database."""
        self._note_good_reads(project)
        pause = self._until_old(project) or await self._until_granted(project)
        if pause:
            return pause
        try:
            sweep = await self._reads.sweep(project)
        except JobSourceError as error:
            return await self._pause_after(project, error)
        self._end_trouble(project)
        return max(self._pace.interval, self._pace.fair_pause(len(sweep.jobs)))

    def _note_good_reads(self, project: Project) -> None:
        """End the trouble if the watch or a person has read the list since. If only single jobs
        were read, the cloud answers again, but the list may still fail."""
        trouble = self._troubles.get(project.project_id)
        if trouble is None:
            return
        index = self._catalog.index(project)
        good_at = self._catalog.health(project).last_good_at
        if index and index.read_at > trouble.failed_at:
            trouble.over_at = index.read_at
            self._end_trouble(project)
        elif good_at and good_at > trouble.failed_at:
            trouble.over_at = trouble.failed_at

    def _end_trouble(self, project: Project) -> None:
        if trouble := self._troubles.pop(project.project_id, None):
            trouble.log.is_over(at=trouble.over_at)

    def _until_old(self, project: Project) -> float:
        """Return the seconds until the index is too old. If the watch reads the same list, those
        reads keep the index fresh, so the limit is longer."""
        interval = self._pace.interval
        if self._is_swept(project):
            interval = max(_TURNS * interval, _LEAST_TURNS_SECONDS)
        # Look again within an interval, to notice when the watch stops reading the list.
        look_again = max(self._pace.interval, _LOOK_SECONDS)
        if self._clock() - self._catalog.asked_at(project) >= _ASKED_WITHIN:
            interval, look_again = max(interval, _REST_SECONDS), _LOOK_SECONDS
        return min(max(interval - self._age(project), 0.0), look_again)

    def _age(self, project: Project) -> float:
        """Return the seconds since the index was read; infinity if there is no index."""
        index = self._catalog.index(project)
        return float("inf") if index is None else (self._clock() - index.read_at).total_seconds()

    async def _until_granted(self, project: Project) -> float:
        calls = pages(len(self._catalog.known(project)))
        try:
            wait = await self._budget.take_calls(
                project.project_id, calls, per_minute=self._pace.calls_per_minute
            )
        except StoreUnavailable:
            # Typeahead must work without the database, and the pause between sweeps keeps within
            # the budget by itself.
            return 0.0
        if wait and self._age(project) < _LONGEST_AFTER_SECONDS:
            return wait.total_seconds() + _AFTER_THE_WATCH_SECONDS
        return wait.total_seconds()

    async def _pause_after(self, project: Project, error: JobSourceError) -> float:
        trouble = self._troubles.setdefault(
            project.project_id,
            _Trouble(TroubleLog("index", clock=self._clock), failed_at=self._clock()),
        )
        trouble.failed_at, trouble.over_at = self._clock(), None
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
