"""Record in the database that this process serves it, and log when the database is lost."""

from typing import Protocol

import structlog

from bot.core.errors import StoreUnavailable

_log = structlog.get_logger(__name__)


class Served(Protocol):
    """The part of the store that Presence writes to."""

    async def note_serving(self) -> None: ...


class Presence:
    """Records that this process serves; logs once when the database is lost, once when back."""

    def __init__(self, store: Served, *, every: float) -> None:
        """Take `every`, the seconds between two records."""
        self._store = store
        self._every = every
        self._is_lost = False

    async def note(self) -> float:
        """Record once, and return the seconds to the next record. Database errors never raise."""
        try:
            await self._store.note_serving()
        except StoreUnavailable as error:
            if not self._is_lost:
                _log.error("database_lost", error=str(error), cure=str(error.hint))
            self._is_lost = True
            return self._every
        if self._is_lost:
            _log.info("database_back")
        self._is_lost = False
        return self._every
