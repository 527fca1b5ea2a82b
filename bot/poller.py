"""Keeps the index of the whole project fresh, so that names and typeahead never wait."""

from datetime import timedelta

import structlog

from bot.catalog import Catalog
from bot.core.errors import JobSourceError, SourceUnavailable, StoreUnavailable
from bot.core.pace import Pace, pages
from bot.core.ports import Clock
from bot.core.watch_ports import CallBudget

_log = structlog.get_logger(__name__)


class Poller:
    """Sweeps the project; a failed sweep is tried again soon, then ever more rarely."""

    def __init__(self, catalog: Catalog, budget: CallBudget, *, pace: Pace, clock: Clock) -> None:
        self._catalog = catalog
        self._budget = budget
        self._pace = pace
        self._clock = clock
        self._failures = 0

    async def poll(self) -> float:
        """Read the whole project unless somebody just did; the seconds until it is due again.
        Never raises for what the cloud or the database does."""
        pause = self._until_old() or await self._until_granted()
        if pause:
            return pause
        try:
            sweep = await self._catalog.sweep()
        except JobSourceError as error:
            return await self._pause_after(error)
        self._failures = 0
        return max(self._pace.interval, self._pace.fair_pause(len(sweep.jobs)))

    def _until_old(self) -> float:
        """Watched jobs are read by the same list: its answers keep the index fresh as well."""
        index = self._catalog.index
        if index is None:
            return 0.0
        age = (self._clock() - index.read_at).total_seconds()
        return max(self._pace.interval - age, 0.0)

    async def _until_granted(self) -> float:
        calls = pages(len(self._catalog.known))
        try:
            wait = await self._budget.take_calls(calls, per_minute=self._pace.calls_per_minute)
        except StoreUnavailable:
            # People are answered without the database; the pause between sweeps is fair by itself.
            return 0.0
        return wait.total_seconds()

    async def _pause_after(self, error: JobSourceError) -> float:
        self._failures += 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        if asked:
            try:
                await self._budget.hold_calls(opens_in=timedelta(seconds=asked))
            except StoreUnavailable:
                _log.warning("hold_not_kept", seconds=asked)
        pause = self._pace.until_retry(self._failures, asked=asked)
        _log.warning("sweep_failed", error=str(error), code=error.code, again_in=pause)
        return pause
