"""Share one query per tick among the duties that mostly find nothing to do."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Monotonic
from bot.core.project import Project
from bot.serve.ticker import Work
from bot.store.due_work import DueWork

# The pause is shorter than a tick, so that the duty asks again at the next tick.
_PAUSE_SECONDS = 0.5


class DueChecks:
    """Skips duties that have nothing due; duties that begin in one tick share one query."""

    def __init__(
        self,
        read: Callable[[Project], Awaitable[DueWork]],
        *,
        at_least_every: float,
        monotonic: Monotonic,
    ) -> None:
        """Run each duty at least every `at_least_every` seconds, even if nothing is due."""
        self._read = read
        self._at_least_every = at_least_every
        self._monotonic = monotonic
        self._under_way: dict[Project, asyncio.Task[DueWork]] = {}

    def when(self, is_due: Callable[[DueWork], bool], work: Work) -> Work:
        """Return a wrapper that runs `work` only if it is due, or did not run for too long."""
        ran_at: dict[Project, float] = {}

        async def work_if_due(project: Project) -> float:
            now = self._monotonic()
            is_overdue = now - ran_at.get(project, float("-inf")) >= self._at_least_every
            if not is_overdue and not await self._is(is_due, project):
                return _PAUSE_SECONDS
            ran_at[project] = now
            return await work(project)

        return work_if_due

    async def _is(self, is_due: Callable[[DueWork], bool], project: Project) -> bool:
        try:
            return is_due(await self._look(project))
        except StoreUnavailable:
            return True  # the work itself reports the error

    async def _look(self, project: Project) -> DueWork:
        if project not in self._under_way:
            look = asyncio.ensure_future(self._read(project))
            self._under_way[project] = look
            look.add_done_callback(lambda _: self._under_way.pop(project))
        # If one duty is cancelled, the shared query goes on for the other duties.
        return await asyncio.shield(self._under_way[project])
