"""What is done between SIGTERM and the end, before the ways in are closed; at most 15 s.

Of the 25 s that a stop may take, the HTTP server needs 6 at worst (http.py).
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from bot.serve.wiring import Bot

_POSTS_SECONDS = 15.0
# The answer itself is better than a word that none will come.
_ANSWERS_SECONDS = 6.0
_APOLOGIES_SECONDS = 5.0


async def finish_work(bot: Bot, *, linger_seconds: float) -> None:
    """Finish what is under way. Whoever comes meanwhile, for so many seconds at least, hears that
    we restart; who waits in vain hears it in the end."""
    bot.entrance.is_closing = True
    bot.answering.listeners.turn_all_away()
    await asyncio.gather(
        _at_most(_POSTS_SECONDS, bot.delivering.courier.finish()),
        _finish_answers(bot),
        asyncio.sleep(linger_seconds),
    )


async def _finish_answers(bot: Bot) -> None:
    late = bot.workspace.late
    await late.settle(_ANSWERS_SECONDS)
    bot.answering.listeners.stop_waiting()
    await late.finish(_APOLOGIES_SECONDS)


async def _at_most(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await work
