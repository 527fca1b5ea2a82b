"""Batch the reads that many callers request at once into few transactions."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, Generic, TypeVar

from bot.core.abandoned_tasks import retrieve_error

Key = TypeVar("Key")
Result = TypeVar("Result")

#: How long a result is reused; as long as a read of one job is shared. Only what another replica
#: wrote can stay unseen for so long.
REUSED_SECONDS = 2.0
# The least time between two reads; each read serves all callers that came since the last one.
_APART_SECONDS = 0.05
# How long a read waits for the one before it, so that no caller waits twice for a hung database.
_PATIENCE_SECONDS = 0.2


class BatchedReads(Generic[Key, Result]):
    """Batched reads: callers that come during a read wait for the next one, which reads for all of
    them. A result is reused for some seconds, but not after this process has written something.

    A transaction costs more than rendering a card: one per caller would fill a busy hour.
    """

    def __init__(
        self,
        read: Callable[[Collection[Key]], Coroutine[Any, Any, Mapping[Key, Result]]],
        *,
        writes_ended: Callable[[], int],
        seconds: float = REUSED_SECONDS,
    ) -> None:
        """`read` returns the results of all keys that it gets, which are reused for `seconds`;
        `writes_ended` returns how many writes of this process have ended."""
        self._seconds = seconds
        self._read = read
        self._writes_ended = writes_ended
        self._keys: set[Key] = set()
        self._next: asyncio.Task[Mapping[Key, Result]] | None = None
        self._last: asyncio.Task[Mapping[Key, Result]] | None = None
        self._begun_at = -_APART_SECONDS
        #: The results of reads since `_known_since` writes had ended, valid until `_known_until`.
        self._known: dict[Key, Result] = {}
        self._known_since, self._known_until = -1, 0.0

    async def get(self, key: Key) -> Result:
        """Return the result of a read that began after all writes of this process had ended. Raises
        what the read raises."""
        known = self._still_known()
        if key in known:
            return known[key]
        self._keys.add(key)
        if self._next is None:
            self._next = asyncio.create_task(self._read_after(self._last))
            self._next.add_done_callback(retrieve_error)
        found = await asyncio.shield(self._next)
        return found[key]

    async def _read_after(
        self, before: asyncio.Task[Mapping[Key, Result]] | None
    ) -> Mapping[Key, Result]:
        if before is not None and not before.done():
            await asyncio.wait({before}, timeout=_PATIENCE_SECONDS)
        loop = asyncio.get_running_loop()
        if (pause := self._begun_at + _APART_SECONDS - loop.time()) > 0:
            await asyncio.sleep(pause)
        self._begun_at = loop.time()
        self._last, self._next = self._next, None
        keys, self._keys = self._keys, set()
        known = self._still_known()
        if unknown := keys - known.keys():
            known.update(await self._read(unknown))
        return known

    def _still_known(self) -> dict[Key, Result]:
        """Return the results that are still valid. After a write this is a new dict, because a read
        that began before the write still fills the old one."""
        now, writes = asyncio.get_running_loop().time(), self._writes_ended()
        if writes != self._known_since or now >= self._known_until:
            self._known = {}
            self._known_since, self._known_until = writes, now + self._seconds
        return self._known
