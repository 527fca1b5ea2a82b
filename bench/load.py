"""Put load on a server: keep-alive connections, with one request at a time on each.

A bare protocol keeps the cost of the caller low. It checks every answer.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

from bench.slash import Ask

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9a-f]+)\r\n", re.IGNORECASE)
_END_OF_CHUNKS = b"0\r\n\r\n"
_GIVE_UP_SECONDS = 30.0


class WrongAnswer(Exception):
    """The error of a wrong answer: the figures of that server do not count."""


@dataclass(slots=True, kw_only=True)
class Load:
    """The result of one period of load."""

    #: The latency of each request, in seconds.
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    last_body: bytes = b""


async def put_load(
    port: int, asks: Iterator[Ask], *, connections: int, seconds: float = _GIVE_UP_SECONDS
) -> Load:
    """Send `asks` until they end or the time is over, then wait for the open answers.

    Raises WrongAnswer for the first answer that its Ask does not expect.
    """
    load = Load()
    began = perf_counter()
    callers = [_Caller(asks, load, until=began + seconds) for _ in range(connections)]
    try:
        async with asyncio.timeout(seconds + _GIVE_UP_SECONDS):
            await asyncio.gather(*(caller.call(port) for caller in callers))
    finally:
        for caller in callers:
            caller.hang_up()
    load.seconds = perf_counter() - began
    return load


class _Caller(asyncio.Protocol):
    def __init__(self, asks: Iterator[Ask], load: Load, *, until: float) -> None:
        self._asks = asks
        self._load = load
        self._until = until
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def call(self, port: int) -> None:
        """Send requests until none is left or the time is over. Raises WrongAnswer."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", port)
        await self._done

    def hang_up(self) -> None:
        """Close the connection, if it is open."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if not self._send_next():
            self._done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        if not gap or not _is_whole(head, body):
            return
        now = perf_counter()
        self._load.latencies.append(now - self._sent_at)
        if not head.startswith(b"HTTP/1.1 200 ") or self._ask.expected not in body:
            self._fail(self._received)
            return
        self._received = b""
        if now >= self._until or not self._send_next():
            self._finish(body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if not self._done.done():
            self._done.set_exception(WrongAnswer("the connection was closed without an answer"))

    def _send_next(self) -> bool:
        ask = next(self._asks, None)
        if ask is None or self._transport is None:
            return False
        self._ask = ask
        self._sent_at = perf_counter()
        self._transport.write(ask.request)
        return True

    def _finish(self, body: bytes) -> None:
        self._load.last_body = _without_chunks(body)
        try:
            check_shape(self._load.last_body)
        except (ValueError, KeyError, TypeError, WrongAnswer):
            self._fail(body)
        else:
            self._done.set_result(None)

    def _fail(self, answer: bytes) -> None:
        words = f"expected {self._ask.expected!r} in an answer that began {answer[:600]!r}"
        self._done.set_exception(WrongAnswer(words))


def check_shape(body: bytes) -> None:
    """Raise unless `body` is a message with a sentence, two to five blocks and buttons."""
    message = json.loads(body)
    kinds = [block["type"] for block in message["blocks"]]
    if not message["text"] or not 2 <= len(kinds) <= 5 or kinds[-1] != "actions":
        raise WrongAnswer(f"a message of {kinds}")


def _is_whole(head: bytes, body: bytes) -> bool:
    length = _LENGTH.search(head)
    return len(body) >= int(length[1]) if length else body.endswith(_END_OF_CHUNKS)


def _without_chunks(body: bytes) -> bytes:
    if body.startswith(b"{"):
        return body
    whole = b""
    while (size := _CHUNK.match(body)) and int(size[1], 16):
        end = size.end() + int(size[1], 16)
        whole += body[size.end() : end]
        body = body[end + 2 :]
    return whole
