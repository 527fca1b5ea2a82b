"""Measure how late the event loop is; a late loop delays everybody who waits for an answer."""

import asyncio

from bot.core.ports.meter import Meter

_EVERY_SECONDS = 0.5


class StallWatch:
    """Schedules a call every half second, and records how late the loop makes it."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Schedule the next call. Needs a running loop."""
        loop = asyncio.get_running_loop()
        # The loop's time is monotonic, so a jump of the wall clock is no stall.
        self._next = loop.call_at(due := loop.time() + _EVERY_SECONDS, self._look, due)

    def stop(self) -> None:
        """Cancel the next call."""
        if self._next:
            self._next.cancel()

    def _look(self, due: float) -> None:
        late = asyncio.get_running_loop().time() - due
        self._meter.note_stall(max(late, 0.0))
        self.start()


def watch_stalls(meter: Meter) -> StallWatch:
    """Return a StallWatch that has started. Needs a running loop."""
    watch = StallWatch(meter)
    watch.start()
    return watch
