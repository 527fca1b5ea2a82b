"""Wait for an event that surely comes, with a timeout that suffices on a busy computer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.fakes import ManualClock

Found = TypeVar("Found")

#: Only a thing that never comes takes so long.
SECONDS = 100.0

#: The pause grows from try to try, because asking a program that is starting slows its start.
SOON, LATER, THROTTLED_HINT = 0.002, 0.05, 1.2


async def until(find: Callable[[], Awaitable[Found | None]]) -> Found:
    """Call `find` again and again; return its first result that is true. Raises TimeoutError."""
    pause = SOON
    async with asyncio.timeout(SECONDS):
        while not (found := await find()):
            await asyncio.sleep(pause)
            pause = min(pause * THROTTLED_HINT, LATER)
    return found


async def as_time_passes(
    clock: ManualClock, find: Callable[[], Awaitable[Found | None]], *, seconds: float = 40.0
) -> Found:
    """Move the clock on by so many seconds again and again, until `find` has a true result.

    The wait after a move is twice as long as the one before: a post that a busy computer makes
    slowly keeps its lease in one of them. Raises TimeoutError."""
    wait = 1.0
    async with asyncio.timeout(SECONDS):
        while True:
            clock.advance(seconds=seconds)
            ends_at = asyncio.get_running_loop().time() + wait
            while asyncio.get_running_loop().time() < ends_at:
                if found := await find():
                    return found
                await asyncio.sleep(LATER)
            wait *= 2
