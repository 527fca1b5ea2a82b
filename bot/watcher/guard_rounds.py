"""Run the guard's looks at long runs and waits: after a change, soon after a read of a waiting
job, and otherwise once in each poll interval, or each minute if that is longer."""

from datetime import datetime, timedelta

import structlog

from bot.core.errors import StoreUnavailable
from bot.core.guard import GuardRules
from bot.core.ports.care import Guard
from bot.core.ports.time import Clock
from bot.core.project import Project
from bot.watcher.recorder import News

_log = structlog.get_logger(__name__)

# Each look costs a query, and waiting jobs are read every few seconds, so looks keep a distance.
_WHILE_SOME_WAIT = timedelta(seconds=5)
_WHILE_NONE_WAITS = timedelta(minutes=1)


class GuardRounds:
    """The schedule of the guard's looks, which use recorded reads and never call the cloud."""

    def __init__(
        self, guard: Guard, rules: GuardRules, *, interval: timedelta, clock: Clock
    ) -> None:
        self._guard = guard
        self._rules = rules
        self._interval = interval
        self._clock = clock
        self._looked_at: dict[Project, datetime] = {}

    async def look(self, project: Project, news: News) -> None:
        """Run the guard if a look is due. Raises StoreUnavailable."""
        now, before = self._clock(), self._looked_at.get(project)
        pause = min(self._interval, _WHILE_SOME_WAIT if news.has_waiting else _WHILE_NONE_WAITS)
        if before is not None and not news.has_changed and abs(now - before) < pause:
            return
        try:
            is_more = await self._guard.look_after(project, self._rules)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - a job that breaks us must not stop the others
            _log.exception("care_failed")
            is_more = await self._guard.look_after(project, self._rules, is_careful=True)
        if is_more:
            self._looked_at.pop(project, None)
        else:
            self._looked_at[project] = now
