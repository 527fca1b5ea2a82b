"""What is done between SIGTERM and the end, before the ways in are closed."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.serve.bot import Bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds of the 25 that a stop may take; the HTTP server needs 6 more at worst (http.py)."""

    #: For posts and calls under way.
    posts: float = 15.0
    #: For answers: one is better than a word that none will come.
    answers: float = 6.0
    #: For those that wait for a stop or restart: to say "try again" of that would be wrong.
    acts: float = 12.0
    #: For that word.
    apologies: float = 5.0
    #: At least, so that whoever sends requests to us learns that we stop.
    linger: float = 0.0


USUAL = Patience()

_TO_POST_AN_ANSWER = 1.0


async def finish_work(bot: Bot, patience: Patience) -> None:
    """Finish what is under way. Whoever comes meanwhile hears that we restart; who waits in vain
    hears it in the end."""
    bot.entrance.is_closing = True
    bot.answering.listeners.turn_all_away()
    await asyncio.gather(
        _at_most(patience.posts, bot.delivering.courier.finish()),
        _at_most(patience.posts, bot.answering.performer.finish()),
        _finish_answers(bot, patience),
        asyncio.sleep(patience.linger),
    )


async def _finish_answers(bot: Bot, patience: Patience) -> None:
    late, performer = bot.workspace.late, bot.answering.performer
    await late.settle(patience.answers)
    if performer.is_busy:
        await _at_most(patience.acts - patience.answers, performer.finish())
        await late.settle(_TO_POST_AN_ANSWER)
    bot.answering.listeners.stop_waiting()
    await late.finish(patience.apologies)


async def _at_most(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await work
