"""Reads the whole project again and again, so that names and typeahead never wait for the cloud."""

import structlog

from bot.catalog import Catalog
from bot.core.errors import JobSourceError, SourceUnavailable

_log = structlog.get_logger(__name__)

_FIRST_RETRY_SECONDS_AT_MOST = 15.0
_LONGEST_PAUSE_SECONDS = 300.0
# The list comes in pages of this many jobs, one call each.
_JOBS_PER_CALL = 100


class Poller:
    """Sweeps the project; a failed sweep is tried again soon, then ever more rarely."""

    def __init__(self, catalog: Catalog, *, interval: float, calls_per_minute: int) -> None:
        """`interval` in seconds; `calls_per_minute` is the budget, 0 for no limit of ours."""
        self._catalog = catalog
        self._interval = interval
        self._calls_per_minute = calls_per_minute
        self._failures = 0

    async def poll(self) -> float:
        """Read the whole project once; the seconds until it is due again. Never raises for
        what the cloud does."""
        try:
            sweep = await self._catalog.sweep()
        except JobSourceError as error:
            self._failures += 1
            pause = self._retry_pause(error)
            _log.warning("sweep_failed", error=str(error), code=error.code, again_in=pause)
            return pause
        self._failures = 0
        return max(self._interval, self._fair_pause(len(sweep.jobs)))

    def _fair_pause(self, jobs: int) -> float:
        """Seconds between sweeps of so many jobs that keep within the budget."""
        calls = jobs // _JOBS_PER_CALL + 1
        return calls * 60 / self._calls_per_minute if self._calls_per_minute else 0.0

    def _retry_pause(self, error: JobSourceError) -> float:
        first = min(2 * self._interval, _FIRST_RETRY_SECONDS_AT_MOST)
        pause = min(first * 2.0 ** min(self._failures - 1, 10), _LONGEST_PAUSE_SECONDS)
        asked = error.retry_after if isinstance(error, SourceUnavailable) else None
        return max(pause, asked or 0.0)
