"""Leaves word in the database that this process serves it, and says when it cannot."""

from typing import Protocol

import structlog

from bot.core.errors import StoreUnavailable

_log = structlog.get_logger(__name__)


class Served(Protocol):
    """What is served."""

    async def note_serving(self) -> None: ...


class Presence:
    """One line in the log when the database is lost, and one when it is back."""

    def __init__(self, store: Served, *, every: float) -> None:
        """`every` so many seconds it leaves word."""
        self._store = store
        self._every = every
        self._is_lost = False

    async def note(self) -> float:
        """Leave word; the seconds until the next. Never raises for what the database does."""
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
