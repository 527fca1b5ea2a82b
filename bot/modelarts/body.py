"""The body of an answer: decoded, never more than 1 MiB, read in steps that let others run."""

import asyncio
import zlib
from typing import Protocol

import httpx

from bot.core.text import Code, Text, say

LARGEST_ANSWER = 1024 * 1024

_BROKEN_GZIP = say("broken gzip")
_PLAIN = {"", "identity"}
_GZIP = {"gzip", "x-gzip"}
# zlib's word for "with a gzip header and checksum".
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class AnswerRefused(httpx.TransportError):
    """The answer is not read on; `what` says what was wrong with it."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


class Stream(Protocol):
    """What has come of a body since the last time; empty at its end."""

    async def readany(self) -> bytes: ...


async def read_body(stream: Stream, *, encoding: str) -> bytes:
    """Read it to the end. Raises AnswerRefused as soon as it is too large or cannot be decoded.

    Plain bodies are asked for; gzip is read all the same, because some proxies compress unasked.
    """
    inflater = _choose_inflater(encoding)
    parts: list[bytes] = []
    received = size = 0
    while chunk := await stream.readany():
        received += len(chunk)
        part = _inflate(inflater, chunk, LARGEST_ANSWER - size) if inflater else chunk
        size += len(part)
        if max(received, size) > LARGEST_ANSWER:
            raise AnswerRefused(say("more than {size}\u00a0KiB", size=LARGEST_ANSWER // 1024))
        parts.append(part)
        # What is there already comes without waiting: many small chunks would hold up the loop.
        await asyncio.sleep(0)
    if received and inflater and (inflater.unused_data or not inflater.eof):
        raise AnswerRefused(_BROKEN_GZIP)
    return b"".join(parts)


def _choose_inflater(encoding: str) -> "zlib._Decompress | None":
    name = encoding.strip().lower()
    if name in _PLAIN:
        return None
    if name in _GZIP:
        return zlib.decompressobj(_GZIP_WINDOW)
    raise AnswerRefused(
        say("encoded as {encoding}, which was not asked for", encoding=Code(name[:20]))
    )


def _inflate(inflater: "zlib._Decompress", chunk: bytes, conversation: int) -> bytes:
    """One byte more than there is room for, at most: enough to see that it is too much."""
    try:
        return inflater.decompress(chunk, conversation + 1)
    except zlib.error as error:
        raise AnswerRefused(_BROKEN_GZIP) from error
