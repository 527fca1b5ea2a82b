"""Wait for an event that surely comes, with a timeout that suffices on a busy computer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

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
