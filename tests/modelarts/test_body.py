"""Reading a body: never more than its bound, and never at the cost of everybody else."""

import asyncio
import tracemalloc
import zlib
from collections.abc import Iterable

import pytest

from bot.modelarts.body import LARGEST_ANSWER, AnswerRefused, read_body
from tests.modelarts.scripted import gzipped

FULL = b"x" * LARGEST_ANSWER


#: A megabyte of gzip that holds nothing, and does not end.
EMPTY_BLOCKS = gzipped(b"")[:10] + b"\x00\x00\x00\xff\xff" * 220_000


class Chunks:
    """A body that has come already, in these pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    async def readany(self) -> bytes:
        return next(self._pieces, b"")


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000_000])
@pytest.mark.parametrize(
    ("encoding", "sent", "read"),
    [
        ("", b"plain", b"plain"),
        (" Identity ", b"plain", b"plain"),
        ("gzip", gzipped(b"packed" * 100), b"packed" * 100),
        ("X-GZIP", gzipped(b"packed"), b"packed"),
        ("gzip", gzipped(b""), b""),
        ("gzip", b"", b""),
        ("", b"", b""),
        # A proxy compresses without saying so, or names it wrongly.
        ("", gzipped(b"packed"), b"packed"),
        ("gzip, identity", gzipped(b"packed"), b"packed"),
        ("utf-8", gzipped(b"packed"), b"packed"),
        # A proxy unpacks the body and keeps the header, or the header names no encoding at all.
        ("gzip", b'{"is_success":true}', b'{"is_success":true}'),
        ("br", b" [1]", b" [1]"),
        ("deflate", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf{}"),
        ("utf-8", b"{}", b"{}"),
        ("gzip", b"<html>", b"<html>"),
        ("br", b"", b""),
        ("br", b"{", b"{"),
    ],
)
async def test_a_body_is_read_as_it_is_encoded(
    encoding: str, sent: bytes, read: bytes, size: int
) -> None:
    assert await read_body(_cut(sent, size), encoding=encoding) == read


@pytest.mark.parametrize("size", [4096, 10_000_000])
async def test_one_mebibyte_decoded_is_the_most(size: int) -> None:
    assert await read_body(_cut(FULL, size), encoding="") == FULL
    assert await read_body(_cut(gzipped(FULL), size), encoding="gzip") == FULL
    for encoding, body in (("", FULL + b"x"), ("gzip", gzipped(FULL + b"x"))):
        with pytest.raises(AnswerRefused, match="more than 1024 KiB"):
            await read_body(_cut(body, size), encoding=encoding)


async def test_gzip_that_holds_nothing_is_not_read_without_end() -> None:
    with pytest.raises(AnswerRefused, match="more than 1024 KiB"):
        await read_body(_cut(EMPTY_BLOCKS, 4096), encoding="gzip")


@pytest.mark.parametrize(
    "sent",
    [
        gzipped(b"packed")[:-1],
        gzipped(b"packed")[:5],
        gzipped(b"packed")[:-8] + b"checksum",
        gzipped(b"packed") + b"more",
        gzipped(b"packed") * 2,
        b"\x1f\x8bplain",
    ],
)
async def test_gzip_that_is_none_is_refused(sent: bytes) -> None:
    with pytest.raises(AnswerRefused, match="broken gzip"):
        await read_body(_cut(sent, 3), encoding="gzip")


@pytest.mark.parametrize(
    "encoding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, identity", "\U0001f4a9"]
)
async def test_another_encoding_is_refused_by_name(encoding: str) -> None:
    with pytest.raises(AnswerRefused) as caught:
        await read_body(_cut(zlib.compress(b"packed"), 10), encoding=encoding)

    assert str(caught.value) == f"encoded as `{encoding}`, which was not asked for"


async def test_a_gzip_bomb_is_not_unpacked_beyond_the_bound() -> None:
    bomb = gzipped(b"0" * 50_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(AnswerRefused, match="more than 1024 KiB"):
            await read_body(_cut(bomb, 10_000_000), encoding="gzip")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4 * LARGEST_ANSWER


async def test_others_run_between_any_two_chunks() -> None:
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(take_turns())
    # The first two bytes are read together.
    await read_body(_cut(b"x" * 1001, 1), encoding="")
    other.cancel()

    assert turns >= 999


def _cut(body: bytes, size: int) -> Chunks:
    return Chunks(body[at : at + size] for at in range(0, len(body), size))
