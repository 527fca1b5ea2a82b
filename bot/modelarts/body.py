"""Read and decode the body of an answer, at most 1 MiB; other tasks run between the chunks."""

import asyncio
import zlib
from typing import Protocol

import httpx

from bot.core.text import Code, Text, say

LARGEST_ANSWER = 1024 * 1024

_BROKEN_GZIP = say("broken gzip")
_PLAIN = {"", "identity"}
_GZIP_MAGIC = b"\x1f\x8b"
# With this window size zlib expects a gzip header and a checksum.
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# What JSON, after an optional byte order mark, and a page of HTML begin with.
_LIKE_TEXT = (b"{", b"[", b"<", b" ", b"\t", b"\r", b"\n", b"\xef\xbb")


class AnswerRefused(httpx.TransportError):
    """The error for an answer that is not read further; `what` says what is wrong with it."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


class Stream(Protocol):
    """A body that arrives in chunks: `readany` returns the next one, or empty bytes at the end."""

    async def readany(self) -> bytes: ...


async def read_body(stream: Stream, *, encoding: str) -> bytes:
    """Read a body to its end. Raises AnswerRefused if it is too large or cannot be decoded.

    Requests ask for plain bodies, but some proxies compress unasked, and some unpack a body and
    keep the header. So the first bytes decide, and not the header: gzip is decoded.
    """
    chunk = await _read_head(stream)
    inflater = _choose_inflater(chunk, encoding)
    parts: list[bytes] = []
    received = size = 0
    while chunk:
        if parts:
            # Reading chunks that have already arrived does not wait, so many would block the loop.
            await asyncio.sleep(0)
        received += len(chunk)
        part = _inflate(inflater, chunk, LARGEST_ANSWER - size) if inflater else chunk
        size += len(part)
        if max(received, size) > LARGEST_ANSWER:
            raise AnswerRefused(say("more than {size}\u00a0KiB", size=LARGEST_ANSWER // 1024))
        parts.append(part)
        chunk = await stream.readany()
    if inflater and (inflater.unused_data or not inflater.eof):
        raise AnswerRefused(_BROKEN_GZIP)
    return b"".join(parts)


async def _read_head(stream: Stream) -> bytes:
    """Return the first chunk, of two bytes at least if the body has as many."""
    head = await stream.readany()
    return head + await stream.readany() if len(head) == 1 else head


def _choose_inflater(head: bytes, encoding: str) -> "zlib._Decompress | None":
    if head.startswith(_GZIP_MAGIC):
        return zlib.decompressobj(_GZIP_WINDOW)
    name = encoding.strip().lower()
    if name in _PLAIN or not head or head.startswith(_LIKE_TEXT):
        return None
    raise AnswerRefused(
        say("encoded as {encoding}, which was not asked for", encoding=Code(name[:20]))
    )


def _inflate(inflater: "zlib._Decompress", chunk: bytes, room_left: int) -> bytes:
    """Decompress at most one byte more than fits: that byte shows that the answer is too large."""
    try:
        return inflater.decompress(chunk, room_left + 1)
    except zlib.error as error:
        raise AnswerRefused(_BROKEN_GZIP) from error
