"""The catalog: reads pass through, the last sweep stays, and the health of the cloud is kept."""

from datetime import timedelta

import pytest

from bot.catalog import Catalog
from bot.core.errors import JobNotFound, SourceUnavailable
from bot.core.health import SourceHealth
from bot.core.job import JobId, VisualizationJob
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


async def test_a_shared_sweep_is_as_old_as_its_oldest_job(clock: ManualClock) -> None:
    class Shared(FakeSource):
        async def list_all(self) -> tuple[VisualizationJob, ...]:
            return (a_job(read_at=NOW - timedelta(seconds=2)), a_job(197, read_at=NOW))

    catalog = Catalog(Shared(clock=clock), clock=clock)

    assert (await catalog.sweep()).read_at == NOW - timedelta(seconds=2)


async def test_an_empty_project_was_read_when_it_was_asked_for(
    catalog: Catalog, source: FakeSource
) -> None:
    source.jobs.clear()

    assert (await catalog.sweep()).read_at == NOW


async def test_a_good_answer_is_noted_with_its_time(catalog: Catalog) -> None:
    await catalog.get(JobId(205))

    assert catalog.health == SourceHealth(last_good_at=NOW)


async def test_an_unknown_job_is_a_good_answer(catalog: Catalog) -> None:
    with pytest.raises(JobNotFound):
        await catalog.get(JobId(999))

    assert catalog.health == SourceHealth(last_good_at=NOW)


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
