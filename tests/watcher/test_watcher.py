"""What the watcher reads, what it takes for an observation, and how it paces itself."""

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.catalog import Catalog
from bot.core.errors import (
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
    StoreRefused,
    StoreUnavailable,
)
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing, OddRow
from bot.watcher.pace import Pace
from bot.watcher.quarantine import Quarantine
from bot.watcher.watcher import Watcher
from tests.fakes import FakeSource, ManualClock
from tests.make import OURS, a_job
from tests.watch_fakes import FakeBudget, FakeWatchlist


@pytest.fixture(autouse=True)
def logs() -> Iterator[Sequence[MutableMapping[str, object]]]:
    """What is logged."""
    with capture_logs() as entries:
        yield entries


class World:
    """A cloud, a watchlist and the watcher between them."""

    def __init__(self, *watched: tuple[int, int], jobs: list[VisualizationJob]) -> None:
        self.clock = ManualClock()
        self.source = FakeSource(jobs, clock=self.clock)
        self.watchlist = FakeWatchlist(self.clock, *watched)
        self.budget = FakeBudget()
        self.quarantine = Quarantine()
        self.catalog = Catalog(self.source, clock=self.clock)
        self.watcher = Watcher(
            self.catalog,
            self.watchlist,
            self.budget,
            pace=Pace(interval=30, calls_per_minute=60),
            quarantine=self.quarantine,
            clock=self.clock,
        )

    async def poll_for(self, seconds: int) -> None:
        """Poll once each second."""
        for _ in range(seconds):
            await self.watcher.poll(OURS)
            self.clock.advance(seconds=1)


async def test_one_job_is_read_by_itself_and_its_change_is_recorded() -> None:
    world = World((205, 7), jobs=[a_job(205, 8), a_job(206, 8)])

    assert await world.watcher.poll(OURS) == 1.0

    assert world.watchlist.told == [(205, 7, 8)]
    assert (world.source.gets, world.source.sweeps) == ([205], 0)
    assert world.watchlist.pause(205) == 30


async def test_several_jobs_of_a_small_project_are_read_by_one_list() -> None:
    world = World((205, 7), (206, 8), (207, 8), jobs=[a_job(n, 8) for n in (205, 206, 207)])

    await world.watcher.poll(OURS)

    assert (world.source.gets, world.source.sweeps) == ([], 1)
    assert world.budget.asked == [1]
    assert world.watchlist.told == [(205, 7, 8)]


@pytest.mark.parametrize("known_jobs", [20, 10_000])
async def test_an_outage_costs_few_lines_however_many_jobs_fail(
    known_jobs: int, logs: Sequence[MutableMapping[str, object]]
) -> None:
    numbers = range(1, 21)
    world = World(*((n, 8) for n in numbers), jobs=[a_job(n, 8) for n in numbers])
    world.watchlist.known_jobs = known_jobs
    world.source.error = SourceUnavailable("ModelArts isn't answering.", code="502")

    await world.poll_for(170)
    world.source.error = None
    await world.poll_for(300)

    events = [str(line["event"]) for line in logs if "read" in str(line["event"])]
    assert events[0] == "read_failed"
    assert events[-1] == "reads_good_again"
    assert set(events[1:-1]) <= {"reads_still_failing"}
    assert 2 <= len(events) <= 5


async def test_few_jobs_of_a_large_project_are_read_one_by_one() -> None:
    world = World((205, 7), (206, 8), (207, 8), jobs=[a_job(n, 8) for n in (205, 206, 207)])
    world.watchlist.known_jobs = 1000

    await world.watcher.poll(OURS)

    assert (sorted(world.source.gets), world.source.sweeps) == ([205, 206, 207], 0)
    assert world.budget.asked == [3]


async def test_a_sweep_that_is_due_gets_every_job_of_the_list() -> None:
    world = World((205, 7), jobs=[a_job(n, 8) for n in (205, 206, 207)])
    world.watchlist.wants_sweep = True

    await world.watcher.poll(OURS)

    assert world.watchlist.swept == [3]
    assert world.watchlist.told == [(205, 7, 8)]


async def test_one_list_serves_as_many_batches_as_are_due() -> None:
    numbers = range(1, 2202)
    world = World(*((n, 7) for n in numbers), jobs=[a_job(n, 8) for n in numbers])

    await world.watcher.poll(OURS)

    assert len(world.watchlist.told) == 2201
    assert (world.source.sweeps, world.watchlist.records) == (1, 3)


async def test_what_runs_on_among_very_many_needs_no_lease() -> None:
    numbers = range(1, 1202)
    moved = {1200, 1201}
    jobs = [a_job(n, 9 if n in moved else 8) for n in numbers]
    world = World(*((n, 8) for n in numbers), jobs=jobs)

    await world.watcher.poll(OURS)

    assert world.watchlist.confirmed == list(range(1001, 1200))
    assert world.watchlist.told == [(1200, 8, 9), (1201, 8, 9)]
    assert world.watchlist.records == 2
    assert {world.watchlist.pause(n) for n in numbers} == {30, 5}


async def test_very_many_due_jobs_of_a_very_large_project_are_read_by_one_list() -> None:
    numbers = range(1, 1202)
    world = World(*((n, 8) for n in numbers), jobs=[a_job(n, 8) for n in numbers])
    world.watchlist.known_jobs = 100_000  # 1,001 pages

    await world.watcher.poll(OURS)

    assert (len(world.source.gets), world.source.sweeps) == (0, 1)


async def test_nothing_due_reads_nothing() -> None:
    world = World((205, 8), jobs=[a_job(205, 8)])
    await world.poll_for(30)

    assert world.source.gets == [205]
    assert world.watchlist.records == 1


async def test_a_job_on_its_way_is_read_ever_more_rarely_until_it_moves() -> None:
    world = World((205, 7), jobs=[a_job(205, 7)])

    await world.poll_for(66)
    assert len(world.source.gets) == 5, "at 0, 5, 15, 35 and 65 s"

    world.source.jobs = [a_job(205, 1)]
    await world.poll_for(30)
    assert world.watchlist.told == [(205, 7, 1)]
    assert world.watchlist.pause(205) <= 5


async def test_a_job_missing_from_the_list_is_asked_for_by_itself() -> None:
    world = World((205, 8), (206, 8), (207, 8), jobs=[a_job(205, 8), a_job(206, 8)])

    await world.watcher.poll(OURS)

    assert (world.source.gets, world.source.sweeps) == ([207], 1)
    assert world.watchlist.told == []


async def test_a_job_that_only_the_list_does_not_show_is_not_gone() -> None:
    world = World((205, 8), (206, 8), jobs=[a_job(205, 8), a_job(206, 8)])
    listed = [world.source.jobs[0]]

    async def short_list() -> Listing:
        jobs = tuple(job._replace(read_at=world.clock()) for job in listed)
        return Listing(jobs=jobs, read_at=world.clock())

    world.source.list_all = short_list  # type: ignore[method-assign]  # a list that lags behind
    await world.poll_for(200)

    assert world.watchlist.told == []
    assert 206 in world.source.gets


async def test_a_job_is_gone_when_it_is_denied_twice_half_a_minute_apart_and_not_listed() -> None:
    world = World((205, 8), jobs=[])

    await world.poll_for(30)
    assert world.watchlist.told == []
    assert world.watchlist.rows[JobId(205)].absence.denials == 1

    await world.poll_for(2)
    assert world.watchlist.told == [(205, 8, -1)]


async def test_a_second_denial_too_soon_after_the_first_does_not_count() -> None:
    world = World((205, 8), jobs=[])
    await world.watcher.poll(OURS)
    world.clock.advance(seconds=10)
    world.watchlist.due_at[JobId(205)] = world.clock()

    await world.watcher.poll(OURS)

    assert world.watchlist.told == []
    assert world.watchlist.rows[JobId(205)].absence.denials == 2
    await world.poll_for(31)
    assert world.watchlist.told == [(205, 8, -1)]


async def test_a_job_that_answers_between_two_denials_is_not_gone() -> None:
    world = World((205, 8), jobs=[])
    await world.watcher.poll(OURS)
    world.source.jobs = [a_job(205, 8)]
    await world.poll_for(40)
    world.source.jobs = []
    await world.poll_for(31)

    assert world.watchlist.told == []


async def test_a_denied_job_that_a_list_shows_is_not_gone_and_is_followed_there() -> None:
    world = World((205, 8), jobs=[a_job(205, 8)])
    get = world.source.get

    async def denied(job_id: JobId) -> VisualizationJob:
        jobs, world.source.jobs = world.source.jobs, []
        try:
            return await get(job_id)
        finally:
            world.source.jobs = jobs

    world.source.get = denied  # type: ignore[method-assign]  # one route is missing
    await world.poll_for(100)
    assert world.watchlist.told == []
    assert world.watchlist.failed == {}

    world.source.jobs = [a_job(205, 11)]
    await world.poll_for(31)
    assert world.watchlist.told == [(205, 8, 11)]

    world.source.jobs = []
    await world.poll_for(125)
    assert world.watchlist.told[1:] == [(205, 11, -1)]


async def test_a_job_is_not_gone_while_the_list_cannot_be_read() -> None:
    world = World((205, 8), jobs=[])
    readable = world.source.list_all

    async def no_list() -> Listing:
        raise SourceUnavailable("No answer.")

    world.source.list_all = no_list  # type: ignore[method-assign]  # details answer alone
    await world.poll_for(600)
    assert world.watchlist.told == []
    assert world.watchlist.rows[JobId(205)].absence.denials > 2
    assert world.catalog.health(OURS).failing_since is not None

    world.source.list_all = readable  # type: ignore[method-assign]
    await world.poll_for(301)
    assert world.watchlist.told == [(205, 8, -1)]


async def test_a_list_that_hides_whose_a_row_is_proves_nobodys_absence() -> None:
    world = World((205, 8), jobs=[a_job(206, 8)])
    world.source.odd = [OddRow(job_id=None, what="a job without an id")]
    await world.poll_for(200)
    assert world.watchlist.told == []

    world.source.odd = [OddRow(job_id=JobId(205), what="job 205 without a status")]
    await world.poll_for(200)
    assert world.watchlist.told == []

    world.source.odd = []
    await world.poll_for(61)
    assert world.watchlist.told == [(205, 8, -1)]


async def test_the_list_is_asked_for_within_the_budget_where_a_job_is_denied() -> None:
    world = World((205, 8), jobs=[])
    world.watchlist.due_at[JobId(205)] = world.clock()
    await world.watcher.poll(OURS)

    assert world.budget.asked == [1, 1], "the job, and the list"
    assert (world.source.gets, world.source.sweeps) == ([205], 1)


async def test_where_only_the_lists_route_is_gone_jobs_are_read_by_themselves() -> None:
    world = World((205, 7), (206, 7), jobs=[a_job(205, 8), a_job(206, 8)])
    world.watchlist.wants_sweep = True

    async def no_route() -> Listing:
        error = SourceUnavailable("The answer was “not found”.")
        error.is_missing = True
        raise error

    world.source.list_all = no_route  # type: ignore[method-assign]
    await world.watcher.poll(OURS)

    assert world.watchlist.told == [(205, 7, 8), (206, 7, 8)]
    assert world.watchlist.sweep_given_back == [timedelta(seconds=14)]


async def test_that_the_api_itself_is_missing_is_noted() -> None:
    world = World((205, 8), jobs=[a_job(205, 8)])
    gone = SourceUnavailable("The answer was “not found”.")
    gone.is_missing = True
    world.source.error = gone
    with suppress(SourceUnavailable):
        await world.catalog.sweep(OURS)

    await world.poll_for(62)

    assert world.watchlist.source == [False, False]
    assert world.watchlist.missing == [True, True]


TROUBLES = [
    SourceUnavailable("No answer."),
    SourceRefused("No rights."),
    LoginRefused("Locked."),
]


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("sweep", [False, True])
async def test_trouble_is_no_observation_and_backs_off(error: JobSourceError, sweep: bool) -> None:
    world = World((205, 7), jobs=[a_job(205, 8)])
    world.source.error = error
    pauses = []
    for _ in range(6):
        world.watchlist.wants_sweep = sweep
        await world.watcher.poll(OURS)
        pauses.append(world.watchlist.pause(205))
        world.clock.advance(seconds=world.watchlist.pause(205))

    assert pauses == [14, 29, 59, 119, 239, 299]
    assert (world.watchlist.told, world.watchlist.records) == ([], 0)
    given_back = [span.total_seconds() for span in world.watchlist.sweep_given_back]
    assert given_back == (pauses if sweep else [])

    world.source.error = None
    await world.watcher.poll(OURS)
    assert world.watchlist.told == [(205, 7, 8)]


async def test_a_job_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    world = World((205, 7), (206, 7), jobs=[a_job(205, 8), a_job(206, 8)])
    world.watchlist.known_jobs = 1000
    get = world.source.get

    async def poisoned(job_id: JobId) -> VisualizationJob:
        if job_id == 205:
            raise SourceUnavailable("Nonsense.")
        return await get(job_id)

    world.source.get = poisoned  # type: ignore[method-assign]  # one bad job
    await world.watcher.poll(OURS)

    assert world.watchlist.told == [(206, 7, 8)]
    assert world.watchlist.pause(205) == 14


async def test_a_list_that_failed_is_left_alone_whatever_comes_due_meanwhile() -> None:
    world = World(*((n, 7) for n in (1, 2, 3, 4)), jobs=[a_job(n, 8) for n in (1, 2, 3, 4)])
    world.watchlist.due_at[JobId(3)] = world.watchlist.due_at[JobId(4)] = world.clock() + timedelta(
        seconds=5
    )
    world.source.error = SourceUnavailable("No answer.")

    await world.poll_for(14)
    assert world.source.sweeps == 1
    assert world.watchlist.failed == {1: 1, 2: 1, 3: 1, 4: 1}, "three of four are marked later"

    await world.poll_for(1)
    assert world.source.sweeps == 2


@pytest.mark.parametrize("sweep", [False, True])
async def test_a_job_that_breaks_the_store_is_set_apart_and_the_others_are_recorded(
    sweep: bool,
) -> None:
    numbers = range(1, 9)
    world = World(*((n, 7) for n in numbers), jobs=[a_job(n, 8) for n in numbers])
    world.watchlist.poison = {JobId(3)}
    world.watchlist.wants_sweep = sweep

    await world.watcher.poll(OURS)

    assert world.watchlist.told == [(n, 7, 8) for n in numbers if n != 3]
    assert world.watchlist.swept == ([8] if sweep else [])
    assert (world.watchlist.pause(3), world.watchlist.failed[JobId(3)]) == (60, 1)


async def test_a_job_that_breaks_us_goes_to_quarantine_for_ever_longer(
    logs: Sequence[MutableMapping[str, object]],
) -> None:
    world = World((205, 7), (206, 7), jobs=[a_job(205, 8), a_job(206, 8)])
    world.watchlist.poison = {JobId(205)}
    pauses = []
    for _ in range(11):
        await world.watcher.poll(OURS)
        pauses.append(world.watchlist.pause(205) / 60)
        world.clock.advance(seconds=world.watchlist.pause(205))

    assert pauses == [1, 1, 1, 1, 60, 120, 240, 480, 960, 1440, 1440]
    failures = [entry for entry in logs if entry["event"] == "job_failed"]
    assert [(one["job"], one["log_level"]) for one in failures] == [(205, "error")] * 11
    check = world.quarantine.check(OURS)
    assert check is not None
    assert str(check.found) == "1 job not watched for now: 205"

    world.watchlist.poison = set()
    await world.watcher.poll(OURS)
    assert world.watchlist.told == [(206, 7, 8), (205, 7, 8)]
    assert world.quarantine.check(OURS) is None


async def test_a_job_whose_reading_breaks_us_does_not_stop_the_others() -> None:
    world = World((205, 7), (206, 7), jobs=[a_job(205, 8), a_job(206, 8)])
    get = world.source.get

    async def broken(job_id: JobId) -> VisualizationJob:
        if job_id == 205:
            raise KeyError("nobody thought of this")
        return await get(job_id)

    async def broken_list() -> Listing:
        raise KeyError("nobody thought of this")

    world.source.get = broken  # type: ignore[method-assign]  # our own bug
    world.source.list_all = broken_list  # type: ignore[method-assign]
    world.watchlist.wants_sweep = True
    await world.watcher.poll(OURS)

    assert world.watchlist.told == [(206, 7, 8)]
    assert world.watchlist.pause(205) == 60
    assert world.watchlist.sweep_given_back == [timedelta(seconds=299)]


async def test_a_database_that_does_not_take_one_job_is_not_asked_with_all_for_ever() -> None:
    world = World((205, 7), (206, 7), jobs=[a_job(205, 8), a_job(206, 8)])
    world.watchlist.poison = {JobId(205)}
    world.watchlist.poisoning = StoreRefused("It did not take it.")
    await world.watcher.poll(OURS)
    assert world.watchlist.told == [(206, 7, 8)]

    world.watchlist.poisoning = StoreUnavailable("No database.")
    world.clock.advance(seconds=60)
    assert await world.watcher.poll(OURS) == 5
    assert world.watchlist.told == [(206, 7, 8)]


async def test_the_clouds_wish_to_wait_holds_every_replica() -> None:
    world = World((205, 7), jobs=[a_job(205, 8)])
    world.source.error = SourceUnavailable("Too many calls.", retry_after=90)

    await world.watcher.poll(OURS)

    assert world.budget.held == [90]
    assert world.watchlist.pause(205) == 90


async def test_without_budget_everything_is_given_back_unread() -> None:
    world = World((205, 7), jobs=[a_job(205, 8)])
    world.watchlist.wants_sweep = True
    world.budget.wait = timedelta(seconds=12)

    await world.watcher.poll(OURS)

    assert (world.source.gets, world.source.sweeps) == ([], 0)
    assert world.watchlist.pause(205) == 12
    assert world.watchlist.sweep_given_back == [timedelta(seconds=12)]


async def test_what_was_read_before_the_last_observation_is_no_news() -> None:
    world = World((205, 8), jobs=[a_job(205, 7)])
    known = world.watchlist.rows[JobId(205)]
    later = known.job._replace(read_at=world.clock() + timedelta(seconds=2))
    world.watchlist.rows[JobId(205)] = replace(known, job=later)

    await world.watcher.poll(OURS)

    assert world.watchlist.told == []
    assert world.watchlist.pause(205) == 1


async def test_the_clock_of_another_replica_does_not_hold_up_news() -> None:
    world = World((205, 8), jobs=[a_job(205, 7)])
    known = world.watchlist.rows[JobId(205)]
    ahead = known.job._replace(read_at=world.clock() + timedelta(minutes=5))
    world.watchlist.rows[JobId(205)] = replace(known, job=ahead)

    await world.watcher.poll(OURS)

    assert world.watchlist.told == [(205, 8, 7)]


async def test_no_more_is_read_one_by_one_than_a_lease_has_time_for() -> None:
    numbers = range(1, 61)
    world = World(*((n, 7) for n in numbers), jobs=[a_job(n, 8) for n in numbers])
    world.watchlist.known_jobs = 10_000

    await world.watcher.poll(OURS)
    assert len(world.source.gets) == 24

    await world.poll_for(2)
    assert len(world.watchlist.told) == 60


async def test_a_database_that_is_gone_pauses_the_watch() -> None:
    world = World((205, 7), jobs=[a_job(205, 8)])
    world.watchlist.error = StoreUnavailable("No database.")

    assert await world.watcher.poll(OURS) == 5
    assert world.source.gets == []


async def test_how_the_cloud_answers_is_noted_at_each_turn_and_once_a_minute() -> None:
    world = World((205, 8), jobs=[a_job(205, 8)])
    await world.watcher.poll(OURS)
    assert world.watchlist.source == [True]

    world.clock.advance(seconds=30)
    world.source.error = TROUBLES[0]
    await world.poll_for(121)
    assert world.watchlist.source == [True, False, False, False]

    world.source.error = None
    await world.poll_for(180)
    assert world.watchlist.source[3:] == [False, False, True, True]
