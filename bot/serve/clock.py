"""The wall clock, the monotonic clock, and a wall clock that is never set back."""

import time
from datetime import UTC, datetime, timedelta

from bot.core.ports.time import Clock, Monotonic


def utc_now() -> datetime:
    """Return the time of the wall clock, in UTC."""
    return datetime.now(UTC)


#: Seconds since an arbitrary moment; they only go forward.
monotonic: Monotonic = time.monotonic


class SteadyClock:
    """A wall clock that is never set back: while the real one lags, monotonic time counts."""

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
