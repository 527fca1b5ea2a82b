"""The catalog: reads pass through, the last sweep stays, and the health of the cloud is kept."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from bot.catalog import Catalog
from bot.core.errors import JobNotFound, SourceUnavailable
from bot.core.health import SourceHealth
from bot.core.job import JobId
from bot.core.listing import OddRow
from tests.fakes import FakeSource, ManualClock
from tests.make import NOW, PROJECT, a_job

DOWN = SourceUnavailable("ModelArts did not answer.")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def source(clock: ManualClock) -> FakeSource:
    return FakeSource([a_job(205), a_job(197, 7, name="apiTest-11")], clock=clock)


@pytest.fixture
def catalog(source: FakeSource, clock: ManualClock) -> Catalog:
    return Catalog(source, clock=clock)


async def test_before_the_first_sweep_nothing_is_known(catalog: Catalog) -> None:
    assert catalog.index is None
    assert catalog.known == ()
    assert catalog.last_known(JobId(205)) is None
    assert catalog.health == SourceHealth()
    assert catalog.project_id == PROJECT


async def test_a_sweep_stays_as_the_index(catalog: Catalog, source: FakeSource) -> None:
    sweep = await catalog.sweep()
    source.jobs.clear()

    assert catalog.index is sweep
    assert [job.id for job in catalog.known] == [205, 197]
    assert catalog.last_known(JobId(197)) == sweep.jobs[1]


async def test_an_empty_project_was_read_when_it_was_asked_for(
    catalog: Catalog, source: FakeSource
) -> None:
    source.jobs.clear()

    assert (await catalog.sweep()).read_at == NOW


async def test_a_good_answer_is_noted_with_its_time(catalog: Catalog) -> None:
    await catalog.get(JobId(205))

    assert catalog.health == SourceHealth(last_good_at=NOW)


@pytest.mark.parametrize("before", [None, DOWN])
async def test_a_job_that_is_denied_tells_nothing_of_how_the_cloud_is(
    catalog: Catalog, source: FakeSource, before: SourceUnavailable | None
) -> None:
    if before:
        source.error = before
        with pytest.raises(SourceUnavailable):
            await catalog.sweep()
        source.error = None
    health = catalog.health

    with pytest.raises(JobNotFound):
        await catalog.get(JobId(999))

    assert catalog.health == health


async def test_the_api_is_missing_since_both_calls_are_answered_by_nothing_else(
    catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    gone = SourceUnavailable("The answer was “not found”.")
    gone.is_missing = True

    async def ask(error: SourceUnavailable | None, *, of_list: bool) -> datetime | None:
        clock.advance(minutes=1)
        source.error = error
        with suppress(SourceUnavailable):
            await (catalog.sweep() if of_list else catalog.get(JobId(205)))
        return catalog.health.missing_since

    assert await ask(gone, of_list=True) is None
    assert await ask(gone, of_list=False) == NOW + timedelta(minutes=2)
    assert await ask(gone, of_list=True) == NOW + timedelta(minutes=2)
    assert await ask(DOWN, of_list=True) is None, "the way there is known"
    assert await ask(gone, of_list=False) is None
    assert await ask(gone, of_list=True) == NOW + timedelta(minutes=6)
    assert await ask(None, of_list=False) is None
    assert await ask(gone, of_list=True) is None, "the job answers by itself"


async def test_an_odd_row_is_reported_once_and_again_only_after_it_was_well(
    source: FakeSource, clock: ManualClock
) -> None:
    row = OddRow(job_id=JobId(3), what="job 3 without a status")
    nobodys = OddRow(job_id=None, what="a row that is no job")
    reported: list[OddRow] = []
    catalog = Catalog(source, clock=clock, report_odd=reported.append)
    for odd in ([row], [row], [row, nobodys], [], [row]):
        source.odd = odd
        await catalog.sweep()

    assert reported == [row, nobodys, row]


async def test_trouble_is_dated_from_its_first_failure(
    catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    await catalog.sweep()
    index = catalog.index
    source.error = DOWN
    for _ in range(3):
        clock.advance(seconds=30)
        with pytest.raises(SourceUnavailable):
            await catalog.sweep()

    assert catalog.health == SourceHealth(
        last_good_at=NOW,
        failing_since=NOW + timedelta(seconds=30),
        last_error="ModelArts did not answer.",
    )
    assert catalog.index is index, "what was known stays as it was"


async def test_the_next_good_answer_ends_the_trouble(
    catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    source.error = DOWN
    with pytest.raises(SourceUnavailable):
        await catalog.get(JobId(205))
    source.error = None
    clock.advance(minutes=5)
    await catalog.get(JobId(205))

    assert catalog.health == SourceHealth(last_good_at=NOW + timedelta(minutes=5))
