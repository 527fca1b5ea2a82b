"""Waiting for what surely comes. It may take its time: a busy computer is no bug."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")

#: Only what never comes takes as long.
SECONDS = 100.0


async def until(find: Callable[[], Awaitable[Found | None]]) -> Found:
    """Ask again and again; the first answer that is true. Raises TimeoutError."""
    async with asyncio.timeout(SECONDS):
        while not (found := await find()):
            await asyncio.sleep(0.005)
    return found
