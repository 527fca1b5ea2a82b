"""Waiting for what surely comes. It may take its time: a busy computer is no bug."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")

#: Only what never comes takes as long.
SECONDS = 100.0

#: At first one asks soon again, and later ever less often: to ask a program that only just starts
#: costs as much as its start.
SOON, LATER, SLOWER = 0.002, 0.05, 1.2


async def until(find: Callable[[], Awaitable[Found | None]]) -> Found:
    """Ask again and again; the first answer that is true. Raises TimeoutError."""
    pause = SOON
    async with asyncio.timeout(SECONDS):
        while not (found := await find()):
            await asyncio.sleep(pause)
            pause = min(pause * SLOWER, LATER)
    return found
