"""One read for all who ask at once: knows keys and coroutines, not what is read."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from bot.core.ports.time import Monotonic

Result = TypeVar("Result")


class SharedReads(Generic[Result]):
    """Whoever asks for a key within `seconds` of its read gets that read's result or error.

    A caller that gives up does not take the read away from the others.
    """

    def __init__(self, *, seconds: float, monotonic: Monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        #: Oldest first: when each read began, and the read.
        self._reads: dict[Hashable, tuple[float, asyncio.Task[Result]]] = {}
        #: Those that are shared no more, and still under way.
        self._forgotten: set[asyncio.Task[Result]] = set()

    async def get(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """The result of the read of `key` that is under way or just done, else of a new one."""
        now = self._monotonic()
        self._forget_before(now - self._seconds)
        if key not in self._reads:
            task = asyncio.create_task(read())
            task.add_done_callback(_retrieve)
            self._reads[key] = (now, task)
        return await asyncio.shield(self._reads[key][1])

    def has(self, key: Hashable) -> bool:
        """True if its read is under way or just done: to ask for it begins none."""
        self._forget_before(self._monotonic() - self._seconds)
        return key in self._reads

    def forget(self, key: Hashable) -> None:
        """Whoever asks from now on gets a new read."""
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


def _retrieve(task: asyncio.Task[Result]) -> None:
    # Everyone who asked may have given up; the error is then nobody's, not the event loop's.
    if not task.cancelled():
        task.exception()
