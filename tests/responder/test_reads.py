"""Reads for people: a share per person, and lists from the polls' budget."""

import asyncio
from datetime import timedelta

import pytest

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.errors import SourceUnavailable, StoreUnavailable, TooMany
from bot.core.job import JobId
from bot.responder.reads import READS_PER_MINUTE, BoundedReads
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, OURS, TEAM, a_job
from tests.watch_fakes import FakeBudget

BEN = "U0BEN00001"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def source(clock: ManualClock) -> FakeSource:
    return FakeSource([a_job(number, 7) for number in range(1, 301)], clock=clock)


@pytest.fixture
def budget() -> FakeBudget:
    return FakeBudget()


@pytest.fixture
async def catalog(source: FakeSource, clock: ManualClock) -> Catalog:
    made = Catalog(source, clock=clock)
    await made.sweep(OURS)
    clock.advance(minutes=1)
    return made


@pytest.fixture
def reads(catalog: Catalog, budget: FakeBudget, clock: ManualClock) -> BoundedReads:
    return BoundedReads(
        catalog, budget, calls_per_minute=60, clock=clock, monotonic=clock.monotonic
    )


def by(user_id: str = ANA) -> Request:
    return Request(text="", team_id=TEAM, user_id=user_id)


async def test_a_person_has_thirty_new_reads_a_minute(
    reads: BoundedReads, source: FakeSource, clock: ManualClock
) -> None:
    for number in range(1, READS_PER_MINUTE + 1):
        await reads.job(JobId(number), by())
    with pytest.raises(TooMany, match="30 jobs a minute") as refused:
        await reads.job(JobId(200), by())

    assert "Wait a few seconds" in str(refused.value.hint)
    assert len(source.gets) == READS_PER_MINUTE
    assert (await reads.job(JobId(200), by(BEN))).id == 200
    clock.advance(seconds=2)
    assert (await reads.job(JobId(200), by())).id == 200


async def test_what_was_just_read_costs_a_person_nothing(
    reads: BoundedReads, source: FakeSource
) -> None:
    source.fresh = {JobId(205)}
    for _ in range(100):
        await reads.job(JobId(205), by())

    assert (await reads.job(JobId(1), by())).id == 1


async def test_who_has_read_too_much_still_sees_what_a_list_just_showed(
    reads: BoundedReads, catalog: Catalog, source: FakeSource
) -> None:
    for number in range(1, READS_PER_MINUTE + 1):
        await reads.job(JobId(number), by())
    await catalog.sweep(OURS)

    assert (await reads.job(JobId(200), by())).id == 200
    assert len(source.gets) == READS_PER_MINUTE


async def test_a_list_is_read_anew_where_the_budget_grants_it(
    reads: BoundedReads, budget: FakeBudget, clock: ManualClock
) -> None:
    listing = await reads.listing(by())

    assert listing.read_at == clock()
    assert budget.asked == [4]


async def test_else_the_list_is_the_last_one_and_says_its_time(
    reads: BoundedReads, budget: FakeBudget, source: FakeSource, clock: ManualClock
) -> None:
    budget.wait = timedelta(seconds=20)

    listing = await reads.listing(by())

    assert listing.read_at == clock() - timedelta(minutes=1)
    assert source.sweeps == 1


async def test_many_who_ask_for_the_list_at_once_ask_the_budget_once(
    reads: BoundedReads, budget: FakeBudget, source: FakeSource
) -> None:
    await asyncio.gather(*(reads.listing(by(f"U0ROW{n}")) for n in range(50)))

    assert (len(budget.asked), source.sweeps) == (1, 2)


async def test_a_person_without_reads_gets_the_last_list(
    reads: BoundedReads, budget: FakeBudget, source: FakeSource
) -> None:
    for number in range(1, READS_PER_MINUTE + 1):
        await reads.job(JobId(number), by())

    await reads.listing(by())

    assert (budget.asked, source.sweeps) == ([], 1)


async def test_the_first_list_is_read_without_asking(
    source: FakeSource, budget: FakeBudget, clock: ManualClock
) -> None:
    budget.wait = timedelta(seconds=20)
    reads = BoundedReads(
        Catalog(source, clock=clock), budget, calls_per_minute=60, clock=clock,
        monotonic=clock.monotonic,
    )  # fmt: skip

    assert len((await reads.listing(by())).jobs) == 300


async def test_without_a_database_a_list_is_read_every_half_minute(
    reads: BoundedReads, budget: FakeBudget, source: FakeSource, clock: ManualClock
) -> None:
    budget.error = StoreUnavailable("away")
    await reads.listing(by())
    clock.advance(seconds=29)
    await reads.listing(by())
    assert source.sweeps == 2

    clock.advance(seconds=1)
    await reads.listing(by())
    assert source.sweeps == 3


async def test_a_cloud_that_asks_to_wait_is_obeyed_by_the_polls_too(
    reads: BoundedReads, budget: FakeBudget, source: FakeSource
) -> None:
    source.error = SourceUnavailable("Too many requests.", retry_after=17.0)

    with pytest.raises(SourceUnavailable):
        await reads.listing(by())

    assert budget.held == [17.0]


async def test_the_budget_hears_of_what_was_read(
    reads: BoundedReads, budget: FakeBudget, clock: ManualClock
) -> None:
    del clock
    for number in range(1, 8):
        await reads.job(JobId(number), by())
    budget.error = StoreUnavailable("away")
    await reads.report()
    budget.error = None
    await reads.report()
    await reads.report()

    assert budget.noted == [7]
