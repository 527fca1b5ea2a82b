"""Work that outlives the request that began it."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def begin(work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """A task that has run as far as it can without waiting, where Python can do that."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(work, loop=loop, eager_start=True)
    else:  # noqa: RET505 - for the type checker one of the two is not there
        return loop.create_task(work)


class LateWork:
    """Tasks that outlive the request that began them; shutdown waits for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run it; the loop alone would keep no strong reference."""
        self.keep(asyncio.ensure_future(work))

    def keep(self, task: "asyncio.Task[Any]") -> None:
        """Take over a task that is already running."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float) -> None:
        """Wait, at most so long, for what is under way and for what that begins."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + seconds
        while self._tasks and (left := ends_at - loop.time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

    async def finish(self, seconds: float) -> None:
        """The same; then give up on the rest."""
        await self.settle(seconds)
        for task in self._tasks:
            task.cancel()
