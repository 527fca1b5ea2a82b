"""Read the database for a scrape of `/metrics`: whether it answers, and its gauges."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Monotonic
from bot.store.gauges import Gauges

# A scrape waits at most this long for the database.
_DEADLINE_SECONDS = 1.5
# Older gauges are left out, because they no longer describe the present.
_FORGOTTEN_AFTER_SECONDS = 120.0


class DatabaseGauges:
    """Reads the gauges of the database; scrapes that overlap share one read.

    If an answer is slow, the scrape reports the last one, and the next scrape the new one.
    """

    def __init__(
        self,
        *,
        answers: Callable[[], Coroutine[Any, Any, bool]],
        gauges: Callable[[], Coroutine[Any, Any, Gauges]],
        monotonic: Monotonic,
        deadline_seconds: float = _DEADLINE_SECONDS,
    ) -> None:
        """Take `answers` (is the database up?), which gives up by itself, and `gauges`, which may
        raise StoreUnavailable."""
        self._answers = answers
        self._gauges = gauges
        self._monotonic = monotonic
        self._deadline_seconds = deadline_seconds
        self._asking: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        # The bot does not start without its database.
        self._was_up = True
        self._known: Gauges | None = None
        self._known_at = 0.0

    async def look(self) -> tuple[bool, Gauges | None]:
        """Return whether the database answers, and its recent gauges, or None."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        ways = {self._asking, self._reading}
        await asyncio.wait(ways, timeout=self._deadline_seconds)
        is_up = self._was_up
        is_fresh = self._monotonic() - self._known_at <= _FORGOTTEN_AFTER_SECONDS
        return is_up, self._known if is_up and is_fresh else None

    async def _ask(self) -> None:
        began = self._monotonic()
        is_up = await self._answers()
        # A read of the gauges may have succeeded since.
        self._was_up = is_up or self._known_at > began

    async def _read(self) -> None:
        try:
            self._known = await self._gauges()
        except StoreUnavailable:
            return
        self._known_at = self._monotonic()
        self._was_up = True
