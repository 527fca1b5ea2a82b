"""The catalog passes reads on, keeps the last sweep, and records the health of the cloud."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from bot.catalog import Catalog
from bot.core.errors import (
    JobNotFound,
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
)
from bot.core.health import SourceHealth
from bot.core.job import JobId
from bot.core.listing import OddRow
from bot.core.project import Project
from tests.fakes import FakeSource, ManualClock
from tests.make import NOW, OURS, TEAM, a_job

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
    assert catalog.index(OURS) is None
    assert catalog.known(OURS) == ()
    assert catalog.last_known(OURS, JobId(205)) is None
    assert catalog.health(OURS) == SourceHealth()
    assert catalog.project(TEAM) == OURS


async def test_a_sweep_stays_as_the_index(catalog: Catalog, source: FakeSource) -> None:
    sweep = await catalog.sweep(OURS)
    source.jobs.clear()

    assert catalog.index(OURS) is sweep
    assert [job.id for job in catalog.known(OURS)] == [205, 197]
    assert catalog.last_known(OURS, JobId(197)) == sweep.jobs[1]


async def test_an_empty_project_was_read_when_it_was_asked_for(
    catalog: Catalog, source: FakeSource
) -> None:
    source.jobs.clear()

    assert (await catalog.sweep(OURS)).read_at == NOW


async def test_a_good_answer_is_noted_with_its_time(catalog: Catalog) -> None:
    await catalog.get(OURS, JobId(205))

    assert catalog.health(OURS) == SourceHealth(last_good_at=NOW)


@pytest.mark.parametrize("before", [None, DOWN])
async def test_a_job_that_is_denied_tells_nothing_of_how_the_cloud_is(
    catalog: Catalog, source: FakeSource, before: SourceUnavailable | None
) -> None:
    if before:
        source.error = before
        with pytest.raises(SourceUnavailable):
            await catalog.sweep(OURS)
        source.error = None
    health = catalog.health(OURS)

    with pytest.raises(JobNotFound):
        await catalog.get(OURS, JobId(999))

    assert catalog.health(OURS) == health


async def test_the_api_is_missing_since_both_calls_are_answered_by_nothing_else(
    catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    gone = SourceUnavailable("The answer was “not found”.")
    gone.is_missing = True

    async def ask(error: SourceUnavailable | None, *, of_list: bool) -> datetime | None:
        clock.advance(minutes=1)
        source.error = error
        with suppress(SourceUnavailable):
            await (catalog.sweep(OURS) if of_list else catalog.get(OURS, JobId(205)))
        return catalog.health(OURS).missing_since

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
        await catalog.sweep(OURS)

    assert reported == [row, nobodys, row]


async def test_trouble_is_dated_from_its_first_failure(
    catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    await catalog.sweep(OURS)
    index = catalog.index(OURS)
    source.error = DOWN
    for _ in range(3):
        clock.advance(seconds=30)
        with pytest.raises(SourceUnavailable):
            await catalog.sweep(OURS)

    assert catalog.health(OURS) == SourceHealth(
        last_good_at=NOW,
        failing_since=NOW + timedelta(seconds=30),
        last_error="ModelArts did not answer.",
    )
    assert catalog.index(OURS) is index, "what was known stays as it was"


@pytest.mark.parametrize(
    ("error", "job_id", "is_trouble"),
    [
        (SourceRefused("ModelArts refused."), 999, False),
        (SourceRefused("ModelArts refused."), 205, True),
        (LoginRefused("ModelArts does not accept our login."), 999, True),
        (DOWN, 999, True),
    ],
)
async def test_a_refusal_of_an_id_that_nobody_knows_is_no_trouble_of_the_cloud(
    catalog: Catalog, source: FakeSource, error: JobSourceError, job_id: int, is_trouble: bool
) -> None:
    await catalog.sweep(OURS)
    source.error = error

    with pytest.raises(type(error)):
        await catalog.get(OURS, JobId(job_id))

    assert (catalog.health(OURS).failing_since is not None) is is_trouble


async def test_the_next_good_answer_ends_the_trouble(
    catalog: Catalog, source: FakeSource, clock: ManualClock
) -> None:
    source.error = DOWN
    with pytest.raises(SourceUnavailable):
        await catalog.get(OURS, JobId(205))
    source.error = None
    clock.advance(minutes=5)
    await catalog.get(OURS, JobId(205))

    assert catalog.health(OURS) == SourceHealth(last_good_at=NOW + timedelta(minutes=5))


async def test_what_is_known_of_one_project_says_nothing_of_another(
    source: FakeSource, clock: ManualClock
) -> None:
    theirs = FakeSource([a_job(205, 7, name="their-job")], clock=clock)
    theirs.project_id = "0neighbour"
    theirs.error = DOWN
    catalog = Catalog(source, theirs, clock=clock)
    neighbours = Project(team_id=TEAM, project_id=theirs.project_id)
    await catalog.sweep(OURS)
    with pytest.raises(SourceUnavailable):
        await catalog.sweep(neighbours)

    assert catalog.health(OURS) == SourceHealth(last_good_at=NOW)
    assert catalog.health(neighbours).failing_since == NOW
    assert (catalog.index(neighbours), catalog.known(neighbours)) == (None, ())
    theirs.error = None
    await catalog.sweep(neighbours)
    assert [job.name for job in catalog.known(neighbours)] == ["their-job"]
    assert catalog.last_known(OURS, JobId(205)) == source.jobs[0]


async def test_workspaces_that_watch_one_project_share_what_is_known_of_it(
    catalog: Catalog,
) -> None:
    sweep = await catalog.sweep(OURS)

    assert catalog.index(catalog.project("T0STRANGER")) is sweep
