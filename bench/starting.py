"""Measure the time from the start of `visjob serve` to its first answer, and its idle memory."""

import asyncio
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from bench.load import put_load
from bench.servers import Place, bot_running
from bench.slash import sign_each
from bench.work import FIXED

_TIMES = 5
_IDLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The figures of several starts; `card` is the body of an answer with the fixed card."""

    seconds: tuple[float, ...]
    idle_bytes: int
    card: bytes


async def measure_starts(place: Place) -> Start:
    """Start the bot several times in a row on new databases, and send each one request."""
    took = []
    card, idle_bytes = b"", 0
    for number in range(_TIMES):
        began = perf_counter()
        with bot_running(place) as bot:
            await bot.process.wait_for_port(bot.port)
            asks = islice(sign_each(FIXED.texts()), 1)
            card = (await put_load(bot.port, asks, connections=1)).last_body
            took.append(perf_counter() - began)
            if number == _TIMES - 1:
                await asyncio.sleep(_IDLE_SECONDS)
                idle_bytes = bot.process.resident_bytes
    return Start(seconds=tuple(took), idle_bytes=idle_bytes, card=card)
