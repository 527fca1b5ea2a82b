"""Record whether the cloud answers, so that the store notifies places of a loss and its end."""

from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.ports.store import Watchlist
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.watcher.pace import Pace

#: After this time without a good read, places are notified that the source is lost.
LOST_AFTER = timedelta(minutes=10)
_NOTE_EVERY = timedelta(minutes=1)


class SourceReports:
    """The recorder of the cloud's health, at each change of it and once a minute."""

    def __init__(self, catalog: Catalog, watchlist: Watchlist, *, pace: Pace, clock: Clock) -> None:
        self._catalog = catalog
        self._watchlist = watchlist
        self._pace = pace
        self._clock = clock
        self._noted: dict[Project, tuple[tuple[bool, bool], datetime]] = {}
        self._silent_since: dict[Project, datetime] = {}

    async def note(self, project: Project) -> bool:
        """Record the cloud's health if it has changed or a minute has passed. True if an outage has
        just ended, so that the reads that waited are due now. Raises StoreUnavailable."""
        health, now = self._catalog.health(project), self._clock()
        if health.failing_since is None and health.last_good_at is None:
            return False
        if health.failing_since is not None:
            self._silent_since[project] = health.failing_since
        is_good, is_missing = health.failing_since is None, health.missing_since is not None
        report = (is_good, is_missing)
        noted = self._noted.get(project)
        if noted and noted[0] == report and abs(now - noted[1]) < _NOTE_EVERY:
            return False
        silence = now - self._silent_since.get(project, now)
        is_back = is_good and self._pace.is_outage(silence)
        await self._watchlist.note_source(
            project,
            is_good=is_good,
            is_missing=is_missing,
            is_back=is_back,
            lost_after=LOST_AFTER,
        )
        self._noted[project] = report, now
        if is_good:
            self._silent_since.pop(project, None)
        return is_back
