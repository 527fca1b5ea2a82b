"""Records how the cloud answers; the store notifies the places of a loss and of its end."""

from datetime import datetime, timedelta

from bot.catalog import Catalog
from bot.core.ports.store import Watchlist
from bot.core.ports.time import Clock
from bot.core.project import Project

#: After so long without a good read the places are notified that the source is lost.
LOST_AFTER = timedelta(minutes=10)
_NOTE_EVERY = timedelta(minutes=1)


class SourceNotes:
    """At each turn, and once a minute."""

    def __init__(self, catalog: Catalog, watchlist: Watchlist, *, clock: Clock) -> None:
        self._catalog = catalog
        self._watchlist = watchlist
        self._clock = clock
        self._noted: dict[Project, tuple[tuple[bool, bool], datetime]] = {}

    async def note(self, project: Project) -> None:
        """Tell the store, if it is time. Raises StoreUnavailable."""
        health, now = self._catalog.health, self._clock()
        if health.failing_since is None and health.last_good_at is None:
            return
        is_good, is_missing = health.failing_since is None, health.missing_since is not None
        standing = (is_good, is_missing)
        noted = self._noted.get(project)
        if noted and noted[0] == standing and abs(now - noted[1]) < _NOTE_EVERY:
            return
        await self._watchlist.note_source(
            project, is_good=is_good, is_missing=is_missing, lost_after=LOST_AFTER
        )
        self._noted[project] = standing, now
