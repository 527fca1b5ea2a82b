"""One look at the database in each tick, for all duties that mostly find nothing to do there."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.errors import StoreUnavailable
from bot.core.ports.time import Monotonic
from bot.core.project import Project
from bot.serve.ticker import Work
from bot.store.agenda import Agenda

# Shorter than a tick, so that none is missed.
_PAUSE_SECONDS = 0.5


class Looks:
    """Duties that begin in one tick share a look, and those that have nothing to do end with it."""

    def __init__(
        self,
        read: Callable[[Project], Awaitable[Agenda]],
        *,
        at_least_every: float,
        monotonic: Monotonic,
    ) -> None:
        """`at_least_every` so many seconds a duty runs whatever the look says."""
        self._read = read
        self._at_least_every = at_least_every
        self._monotonic = monotonic
        self._under_way: dict[Project, asyncio.Task[Agenda]] = {}

    def when(self, is_due: Callable[[Agenda], bool], work: Work) -> Work:
        """The same work, for when there is some."""
        ran_at: dict[Project, float] = {}

        async def work_if_due(project: Project) -> float:
            now = self._monotonic()
            is_overdue = now - ran_at.get(project, float("-inf")) >= self._at_least_every
            if not is_overdue and not await self._is(is_due, project):
                return _PAUSE_SECONDS
            ran_at[project] = now
            return await work(project)

        return work_if_due

    async def _is(self, is_due: Callable[[Agenda], bool], project: Project) -> bool:
        try:
            return is_due(await self._look(project))
        except StoreUnavailable:
            return True  # the work says what is wrong

    async def _look(self, project: Project) -> Agenda:
        if project not in self._under_way:
            look = asyncio.ensure_future(self._read(project))
            self._under_way[project] = look
            look.add_done_callback(lambda _: self._under_way.pop(project))
        # One duty that is stopped leaves the look to the others.
        return await asyncio.shield(self._under_way[project])
