"""Tick every duty once a second; a due duty runs in a task of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

import structlog
from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.core.ports.time import Monotonic
from bot.core.ports.tracing import caused
from bot.core.project import Project

_log = structlog.get_logger(__name__)


class Duty:
    """Work that repeats, one run at a time."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[float]], *, monotonic: Monotonic
    ) -> None:
        """Take `work`, which returns the seconds until it is due again."""
        self.name = name
        self._work = work
        self._monotonic = monotonic
        self._due_at = 0.0
        self._run: asyncio.Task[None] | None = None

    @property
    def is_under_way(self) -> bool:
        """True while a run has begun and not ended."""
        return self._run is not None

    def tick(self) -> None:
        """Start a run if it is due and none is under way."""
        if not self.is_under_way and self._monotonic() >= self._due_at:
            self._run = asyncio.ensure_future(self._once())

    async def stop(self) -> None:
        """Cancel the run under way, and wait until it has ended."""
        if self._run:
            self._run.cancel()
            await asyncio.gather(self._run, return_exceptions=True)

    async def _once(self) -> None:
        pause = _PAUSE_AFTER_A_BUG_SECONDS
        with caused(duty=self.name):
            try:
                pause = await self._work()
            except Exception:  # noqa: BLE001 - a bug in one run must end no duty
                _log.exception("duty_failed")
            finally:
                self._due_at = self._monotonic() + pause
                self._run = None


_PAUSE_AFTER_A_BUG_SECONDS = 60.0


#: Work for one project; it returns the seconds until it is due again.
Work = Callable[[Project], Awaitable[float]]


class DutyForEach:
    """One duty per project that is served; they run independently."""

    def __init__(
        self,
        name: str,
        work: Work,
        *,
        projects: Callable[[], Iterable[Project]],
        monotonic: Monotonic,
    ) -> None:
        """Take `projects`, which returns the projects that are served now."""
        self._name = name
        self._work = work
        self._projects = projects
        self._monotonic = monotonic
        self._duties: dict[Project, Duty] = {}

    def tick(self) -> None:
        """Start a run for each project that is due and has none under way."""
        for project in self._projects():
            if project not in self._duties:
                work = partial(self._work, project)
                self._duties[project] = Duty(self._name, work, monotonic=self._monotonic)
            self._duties[project].tick()

    async def stop(self) -> None:
        """Cancel the runs under way, and wait until they have ended."""
        await asyncio.gather(*(duty.stop() for duty in self._duties.values()))


class TickTrigger(IntervalTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A trigger that skips the ticks that a leap of the clock passed. APScheduler would list each
    of them first: after a leap of a month, that blocks the loop for ten seconds."""

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """Return the time of the next tick, never before now."""
        following: datetime | None = super().get_next_fire_time(previous_fire_time, now)
        return following and max(following, now)


def start_ticking(duties: Sequence[Duty | DutyForEach], *, every: float = 1.0) -> AsyncIOScheduler:
    """Tick every `every` seconds. A late tick still counts, and several late ticks count as one.

    The scheduler follows the wall clock, which may stand still or be set back. A watchdog follows
    monotonic time: if no tick came, it ticks and reschedules.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    watchdog = _Watchdog(scheduler, duties, every)
    scheduler.add_job(
        watchdog.tick,
        TickTrigger(seconds=every, timezone="UTC"),
        id=_TICK,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(watchdog.stop, EVENT_SCHEDULER_SHUTDOWN)
    scheduler.start()
    watchdog.start()
    return scheduler


async def stop_ticking(scheduler: AsyncIOScheduler) -> None:
    """Stop the ticks. A tick that is about to begin still runs: APScheduler would cancel it, and
    log the cancellation as an error."""
    scheduler.pause()
    await asyncio.sleep(0)
    scheduler.shutdown(wait=False)


_TICK = "tick"
_LONGEST_SILENCE_SECONDS = 5.0


class _Watchdog:
    def __init__(
        self,
        scheduler: AsyncIOScheduler,
        duties: Sequence[Duty | DutyForEach],
        every: float,
    ) -> None:
        self._scheduler = scheduler
        self._duties = duties
        self._every = every
        self._has_ticked = False
        self._next_look: asyncio.TimerHandle | None = None

    async def tick(self) -> None:
        self._has_ticked = True
        self._tick_duties()

    def start(self) -> None:
        self._tick_duties()
        self._look_later()

    def stop(self, _: object) -> None:
        if self._next_look:
            self._next_look.cancel()

    def _look(self) -> None:
        self._look_later()
        if not self._has_ticked:
            _log.warning("ticker_silent", for_seconds=_LONGEST_SILENCE_SECONDS)
            trigger = TickTrigger(seconds=self._every, timezone="UTC")
            self._scheduler.reschedule_job(_TICK, trigger=trigger)
            self._tick_duties()
        self._has_ticked = False

    def _look_later(self) -> None:
        # The loop's time is monotonic, so this timer fires even if the wall clock was set back.
        loop = asyncio.get_running_loop()
        self._next_look = loop.call_later(_LONGEST_SILENCE_SECONDS, self._look)

    def _tick_duties(self) -> None:
        for duty in self._duties:
            duty.tick()
