"""Whoever asks at once shares one read, and nobody can take it away from the others."""

import asyncio

import pytest

from bot.core.errors import SourceUnavailable
from bot.core.job import JobId
from bot.modelarts.sharing import SharedReads
from tests.fakes import ManualClock
from tests.modelarts.mock_cloud import MockCloud, http
from tests.modelarts.scripted import job, modelarts


async def test_a_hundred_who_ask_at_once_cause_one_request() -> None:
    clock = ManualClock()
    cloud = MockCloud(lambda _: http(200, job(205)))
    async with modelarts(cloud, clock=clock, share_seconds=2) as client:
        first = await asyncio.gather(*(client.get(JobId(205)) for _ in range(100)))
        assert await client.get(JobId(205)) is first[0]
        assert len(cloud.asked) == 1
        clock.advance(seconds=2)
        assert (await client.get(JobId(205))).read_at > first[0].read_at
        assert len(cloud.asked) == 2


class Reads:
    """Counts reads, and holds each until released."""

    def __init__(self) -> None:
        self.begun = 0
        self.release = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self.release.wait()
        return number


async def test_one_who_gives_up_does_not_end_the_read_of_others() -> None:
    reads, clock = Reads(), ManualClock()
    shared = SharedReads[int](seconds=2, monotonic=clock.monotonic)
    patient = asyncio.create_task(shared.get("key", reads))
    hasty = asyncio.create_task(shared.get("key", reads))
    await asyncio.sleep(0)

    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    reads.release.set()

    assert await patient == 1
    assert reads.begun == 1


async def test_a_read_under_way_is_joined_however_long_it_takes() -> None:
    reads, clock = Reads(), ManualClock()
    shared = SharedReads[int](seconds=2, monotonic=clock.monotonic)
    early = asyncio.create_task(shared.get("key", reads))
    await asyncio.sleep(0)
    clock.advance(seconds=9)
    late = asyncio.create_task(shared.get("key", reads))
    await asyncio.sleep(0)
    reads.release.set()

    assert [await early, await late] == [1, 1]
    assert await shared.get("key", reads) == 2


async def test_keys_are_read_apart() -> None:
    reads, clock = Reads(), ManualClock()
    reads.release.set()
    shared = SharedReads[int](seconds=2, monotonic=clock.monotonic)

    assert [await shared.get(key, reads) for key in ("a", "b", "a")] == [1, 2, 1]


async def test_an_error_is_shared_for_as_long_as_a_result() -> None:
    clock = ManualClock()
    shared = SharedReads[int](seconds=2, monotonic=clock.monotonic)
    begun = 0

    async def fail() -> int:
        nonlocal begun
        begun += 1
        raise SourceUnavailable("down")

    results = await asyncio.gather(
        *(shared.get("key", fail) for _ in range(10)), return_exceptions=True
    )
    assert {str(result) for result in results} == {"down"}
    with pytest.raises(SourceUnavailable):
        await shared.get("key", fail)
    assert begun == 1
    clock.advance(seconds=2)
    with pytest.raises(SourceUnavailable):
        await shared.get("key", fail)
    assert begun == 2


async def test_closing_ends_what_is_under_way() -> None:
    reads, clock = Reads(), ManualClock()
    shared = SharedReads[int](seconds=2, monotonic=clock.monotonic)
    waiting = asyncio.create_task(shared.get("key", reads))
    await asyncio.sleep(0)

    await shared.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
