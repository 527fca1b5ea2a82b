"""Notices when the event loop is late: whatever held it up held up everybody who waits."""

import asyncio

from bot.core.ports.meter import Meter

_EVERY_SECONDS = 0.5


class StallWatch:
    """Asks to be called every half second, and notes how late it is called."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin; there must be a running loop."""
        loop = asyncio.get_running_loop()
        # The loop's own time only goes forward.
        self._next = loop.call_at(due := loop.time() + _EVERY_SECONDS, self._look, due)

    def stop(self) -> None:
        """Look no more."""
        if self._next:
            self._next.cancel()

    def _look(self, due: float) -> None:
        late = asyncio.get_running_loop().time() - due
        self._meter.note_stall(max(late, 0.0))
        self.start()


def watch_stalls(meter: Meter) -> StallWatch:
    """Begin to watch; there must be a running loop."""
    watch = StallWatch(meter)
    watch.start()
    return watch
