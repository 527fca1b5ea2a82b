"""One tick a second asks every duty whether it is due; duties run beside it, never inside."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.ports import Monotonic

_log = structlog.get_logger(__name__)


class Duty:
    """Something to do again and again, one run at a time."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[float]], *, monotonic: Monotonic
    ) -> None:
        """`work` returns the seconds until it is due again."""
        self.name = name
        self._work = work
        self._monotonic = monotonic
        self._due_at = 0.0
        self._run: asyncio.Task[None] | None = None

    def tick(self) -> None:
        """Begin if it is due and not under way."""
        if self._run is None and self._monotonic() >= self._due_at:
            self._run = asyncio.ensure_future(self._once())

    async def stop(self) -> None:
        """Give up the run under way."""
        if self._run:
            self._run.cancel()
            await asyncio.gather(self._run, return_exceptions=True)

    async def _once(self) -> None:
        pause = _PAUSE_AFTER_A_BUG_SECONDS
        try:
            pause = await self._work()
        except Exception:  # noqa: BLE001 - one duty's bug must not end it, nor the others
            _log.exception("duty_failed", duty=self.name)
        finally:
            self._due_at = self._monotonic() + pause
            self._run = None


_PAUSE_AFTER_A_BUG_SECONDS = 60.0


def start_ticking(duties: Sequence[Duty]) -> AsyncIOScheduler:
    """Tick every second. A late tick is worth as much as one in time, two are worth one."""
    scheduler = AsyncIOScheduler(timezone="UTC")

    async def tick() -> None:
        for duty in duties:
            duty.tick()

    scheduler.add_job(
        tick, "interval", seconds=1, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    scheduler.start()
    for duty in duties:
        duty.tick()
    return scheduler
