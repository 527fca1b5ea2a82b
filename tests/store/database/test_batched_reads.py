"""What many ask for at once is read for all of them, and told until this process writes."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from bot.core.errors import StoreUnavailable
from bot.core.text import say
from bot.store.database.batched_reads import REUSED_SECONDS, BatchedReads


class Reading:
    """Reads that end when they are told to; each finds the number of its read."""

    def __init__(self) -> None:
        self.begun: list[frozenset[str]] = []
        self.may_end = asyncio.Event()
        self.error: Exception | None = None
        self.writes = 0

    async def __call__(self, keys: Collection[str]) -> Mapping[str, int]:
        self.begun.append(frozenset(keys))
        number = len(self.begun)
        await self.may_end.wait()
        if self.error:
            raise self.error
        return dict.fromkeys(keys, number)


@pytest.fixture
def reading() -> Reading:
    return Reading()


def gathered(reading: Reading, seconds: float = REUSED_SECONDS) -> BatchedReads[str, int]:
    return BatchedReads(reading, writes_ended=lambda: reading.writes, seconds=seconds)


async def begun(*asked: str, of: BatchedReads[str, int]) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(of.get(key)) for key in asked]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_who_asks_while_a_read_is_under_way_shares_the_next(reading: Reading) -> None:
    reads = gathered(reading)
    tasks = await begun("a", of=reads)
    tasks += await begun("a", "b", "c", "b", of=reads)
    reading.may_end.set()
    assert await asyncio.gather(*tasks) == [1, 1, 2, 2, 2]
    assert reading.begun == [{"a"}, {"b", "c"}]


async def test_what_was_read_is_told_again(reading: Reading) -> None:
    reads = gathered(reading)
    reading.may_end.set()
    assert [await reads.get("a"), await reads.get("a"), await reads.get("b")] == [1, 1, 2]


async def test_what_is_older_than_so_many_seconds_is_read_anew(reading: Reading) -> None:
    reads = gathered(reading, seconds=0)
    reading.may_end.set()
    assert [await reads.get("a"), await reads.get("a")] == [1, 2]


async def test_what_was_read_before_a_write_of_ours_is_read_anew(reading: Reading) -> None:
    reads = gathered(reading)
    reading.may_end.set()
    assert await reads.get("a") == 1
    reading.writes += 1
    assert await reads.get("a") == 2


async def test_a_read_that_a_write_of_ours_overtakes_is_told_to_nobody_later(
    reading: Reading,
) -> None:
    reads = gathered(reading)
    tasks = await begun("a", of=reads)
    reading.writes += 1
    tasks += await begun("a", of=reads)
    reading.may_end.set()
    assert await asyncio.gather(*tasks) == [1, 2]
    assert await reads.get("a") == 2


async def test_all_who_share_a_read_get_its_error_and_the_next_is_tried(reading: Reading) -> None:
    reads = gathered(reading)
    reading.error = StoreUnavailable(say("away"))
    tasks = await begun("a", "b", of=reads)
    reading.may_end.set()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(end) for end in ends] == [StoreUnavailable, StoreUnavailable]
    reading.error = None
    assert await reads.get("a") == 2


async def test_one_who_gives_up_takes_nothing_from_the_others(reading: Reading) -> None:
    reads = gathered(reading)
    hasty, patient = await begun("a", "b", of=reads)
    hasty.cancel()
    reading.may_end.set()
    assert await patient == 1
    assert hasty.cancelled()


async def test_a_read_that_hangs_does_not_hold_up_the_next(reading: Reading) -> None:
    reads = gathered(reading)
    (hung,) = await begun("a", of=reads)
    (second,) = await begun("b", of=reads)
    while len(reading.begun) < 2:
        await asyncio.sleep(0.01)
    assert not hung.done()
    reading.may_end.set()
    assert [await hung, await second] == [1, 2]
