"""Share one read among all callers that ask for the same key at about the same time."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from bot.core.abandoned_tasks import retrieve_error
from bot.core.ports.time import Monotonic

Result = TypeVar("Result")


class SharedReads(Generic[Result]):
    """Reads shared by key: one that began within the last `seconds`, or is still under way.

    An error is shared like a result. A caller that gives up does not cancel the read for others.
    """

    def __init__(self, *, seconds: float, monotonic: Monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        #: Oldest first: when each read began, and the read.
        self._reads: dict[Hashable, tuple[float, asyncio.Task[Result]]] = {}
        #: Reads that are still under way but are no longer shared.
        self._forgotten: set[asyncio.Task[Result]] = set()

    async def get(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Return the result of the shared read of `key`; start a read if there is none."""
        now = self._monotonic()
        self._forget_before(now - self._seconds)
        if key not in self._reads:
            task = asyncio.create_task(read())
            task.add_done_callback(retrieve_error)
            self._reads[key] = (now, task)
        return await asyncio.shield(self._reads[key][1])

    def has(self, key: Hashable) -> bool:
        """True if `key` has a read to share, so that `get` would start none."""
        self._forget_before(self._monotonic() - self._seconds)
        return key in self._reads

    def forget(self, key: Hashable) -> None:
        """Stop sharing the read of `key`, so that the next `get` starts a new one."""
        if key not in self._reads:
            return
        _, task = self._reads.pop(key)
        if not task.done():
            self._forgotten.add(task)
            task.add_done_callback(self._forgotten.discard)

    async def close(self) -> None:
        """Cancel the reads that are under way."""
        tasks = [*self._forgotten, *(task for _, task in self._reads.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget_before(self, moment: float) -> None:
        old = [*itertools.takewhile(lambda item: item[1][0] <= moment, self._reads.items())]
        for key, (_, task) in old:
            if task.done():
                del self._reads[key]
