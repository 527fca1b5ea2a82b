"""A wall clock that never goes back, for those who keep due times by it. Knows no time itself."""

from datetime import datetime, timedelta

from bot.core.ports import Clock, Monotonic


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
