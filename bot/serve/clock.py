"""The clocks, and one that never goes back. Nothing else reads them."""

import time
from datetime import UTC, datetime, timedelta

from bot.core.ports.time import Clock, Monotonic


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


#: Seconds that only go forward.
monotonic: Monotonic = time.monotonic


class SteadyClock:
    """Follows the wall clock forward; where that is set back or stands, it goes on by itself."""

    def __init__(self, wall: Clock, *, monotonic: Monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._shown = wall()
        self._shown_at = monotonic()

    def __call__(self) -> datetime:
        at = self._monotonic()
        passed = timedelta(seconds=at - self._shown_at)
        self._shown, self._shown_at = max(self._wall(), self._shown + passed), at
        return self._shown
