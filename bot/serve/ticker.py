"""One tick a second asks every duty whether it is due; duties run beside it, never inside."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

import structlog
from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.ports.time import Monotonic
from bot.core.ports.tracing import caused
from bot.core.project import Project

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

    @property
    def is_under_way(self) -> bool:
        """True from when it begins until it has ended."""
        return self._run is not None

    def tick(self) -> None:
        """Begin if it is due and not under way."""
        if not self.is_under_way and self._monotonic() >= self._due_at:
            self._run = asyncio.ensure_future(self._once())

    async def stop(self) -> None:
        """Give up the run under way."""
        if self._run:
            self._run.cancel()
            await asyncio.gather(self._run, return_exceptions=True)

    async def _once(self) -> None:
        pause = _PAUSE_AFTER_A_BUG_SECONDS
        with caused(duty=self.name):
            try:
                pause = await self._work()
            except Exception:  # noqa: BLE001 - one duty's bug must not end it, nor the others
                _log.exception("duty_failed")
            finally:
                self._due_at = self._monotonic() + pause
                self._run = None


_PAUSE_AFTER_A_BUG_SECONDS = 60.0


#: Something to do for a project; it returns the seconds until it is due again.
Work = Callable[[Project], Awaitable[float]]


class DutyForEach:
    """The same duty for every project that is served; none waits for another."""

    def __init__(
        self,
        name: str,
        work: Work,
        *,
        projects: Callable[[], Iterable[Project]],
        monotonic: Monotonic,
    ) -> None:
        """`projects` are those that are served now."""
        self._name = name
        self._work = work
        self._projects = projects
        self._monotonic = monotonic
        self._duties: dict[Project, Duty] = {}

    def tick(self) -> None:
        """Begin for each project for which it is due and not under way."""
        for project in self._projects():
            if project not in self._duties:
                work = partial(self._work, project)
                self._duties[project] = Duty(self._name, work, monotonic=self._monotonic)
            self._duties[project].tick()

    async def stop(self) -> None:
        """Give up the runs under way."""
        await asyncio.gather(*(duty.stop() for duty in self._duties.values()))


def start_ticking(duties: Sequence[Duty | DutyForEach], *, every: float = 1.0) -> AsyncIOScheduler:
    """Tick `every` so many seconds. A late tick is worth as much as one in time, two are worth one.

    The scheduler goes by the wall clock, which may stand or be set back: a watchdog that does
    not ticks in its place and lets it begin anew.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    watchdog = _Watchdog(scheduler, duties, every)
    scheduler.add_job(
        watchdog.tick,
        "interval",
        id=_TICK,
        seconds=every,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_listener(watchdog.stop, EVENT_SCHEDULER_SHUTDOWN)
    scheduler.start()
    watchdog.start()
    return scheduler


async def stop_ticking(scheduler: AsyncIOScheduler) -> None:
    """Tick no more. A tick that is about to begin does so: APScheduler would cancel it, and log
    that as an error."""
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
            self._scheduler.reschedule_job(_TICK, trigger="interval", seconds=self._every)
            self._tick_duties()
        self._has_ticked = False

    def _look_later(self) -> None:
        # The loop's own time only goes forward.
        loop = asyncio.get_running_loop()
        self._next_look = loop.call_later(_LONGEST_SILENCE_SECONDS, self._look)

    def _tick_duties(self) -> None:
        for duty in self._duties:
            duty.tick()
