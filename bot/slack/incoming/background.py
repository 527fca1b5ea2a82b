"""Work that outlives the request that began it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.core.eager_tasks import begin


class BackgroundTasks:
    """Tasks that outlive the request that began them; shutdown waits for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine as a task, and hold it: the loop alone keeps no strong reference."""
        self.keep(asyncio.ensure_future(work))

    def keep(self, task: "asyncio.Task[Any]") -> None:
        """Take over a task that is already running."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def work_until(self, ends_at: float, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine as a task, and wait for it until `ends_at` of the loop's clock."""
        task = begin(work)
        self.keep(task)
        left = ends_at - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=max(left, 0))

    async def settle(self, seconds: float) -> None:
        """Wait, for so many seconds at most, for all tasks and for the tasks that they start."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + seconds
        while self._tasks and (left := ends_at - loop.time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

    async def finish(self, seconds: float) -> None:
        """Settle, then cancel the tasks that still run."""
        await self.settle(seconds)
        for task in self._tasks:
            task.cancel()
