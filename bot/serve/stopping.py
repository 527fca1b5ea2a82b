"""Finish the work under way after SIGTERM, before the server or the socket is closed."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.serve.bot import Bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How many seconds each step of a stop may take. The stop has 25 in all; the HTTP server needs
    6 of them at worst (http.py)."""

    #: For posts to Slack and calls to the cloud.
    posts: float = 15.0
    #: For answers to people; a late answer is better than the apology for a missing one.
    answers: float = 6.0
    #: For answers that wait for a stop or restart of a job: "try again" would be wrong there.
    acts: float = 12.0
    #: For posting the apologies.
    apologies: float = 5.0
    #: The least time of a stop, so that a load balancer notices that we stop.
    linger: float = 0.0


USUAL = Patience()

_TO_POST_AN_ANSWER = 1.0


async def finish_work(bot: Bot, patience: Patience) -> None:
    """Finish the work under way. New requests are told that the bot restarts, and requests that
    cannot be finished in time are told so at the end."""
    bot.intake.is_closing = True
    bot.answering.listeners.turn_all_away()
    await asyncio.gather(
        _at_most(patience.posts, bot.delivering.courier.finish()),
        _at_most(patience.posts, bot.answering.performer.finish()),
        _finish_answers(bot, patience),
        asyncio.sleep(patience.linger),
    )


async def _finish_answers(bot: Bot, patience: Patience) -> None:
    background, performer = bot.workspace.background, bot.answering.performer
    await background.settle(patience.answers)
    if performer.is_busy:
        await _at_most(patience.acts - patience.answers, performer.finish())
        await background.settle(_TO_POST_AN_ANSWER)
    bot.answering.listeners.stop_waiting()
    await background.finish(patience.apologies)


async def _at_most(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await work
