"""How long the poller pauses: after a good sweep, and after bad ones."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.catalog import Catalog
from bot.core.errors import (
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.project import Project
from bot.core.subscription import ProjectTarget
from bot.watcher.index_poller import IndexPoller
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.fakes import FakeSource
from tests.make import NOW, OURS, a_job
from tests.proof.virtual_time import open_on_this_thread
from tests.watch_fakes import FakeBudget, a_subscription


def make(
    source: FakeSource,
    *,
    interval: float = 30.0,
    per_minute: int = 60,
    budget: FakeBudget | None = None,
    is_swept: Callable[[Project], bool] = lambda _: False,
) -> IndexPoller:
    """A Poller on the source's clock."""
    pace = Pace(interval=interval, calls_per_minute=per_minute)
    catalog = Catalog(source, clock=source.clock)
    budget = budget or FakeBudget()
    return IndexPoller(catalog, budget, pace=pace, clock=source.clock, is_swept=is_swept)


@pytest.mark.parametrize(
    ("jobs", "interval", "budget", "pause"),
    [
        (3, 30.0, 60, 30.0),
        (3, 5.0, 60, 5.0),
        (3, 0.1, 60, 1.0),  # one call a second is the budget
        (250, 1.0, 60, 3.0),  # three pages
        (250, 1.0, 6, 30.0),
        (250, 0.1, 0, 0.1),  # no budget of ours
    ],
)
async def test_a_good_sweep_is_followed_by_the_interval_or_the_budgets_pause(
    jobs: int, interval: float, budget: int, pause: float
) -> None:
    poller = make(FakeSource([a_job()] * jobs), interval=interval, per_minute=budget)

    assert await poller.poll(OURS) == pytest.approx(pause)


@pytest.mark.parametrize(
    ("interval", "pauses"),
    [
        (30.0, [14, 29, 59, 119, 239, 299, 299]),
        (5.0, [9, 19, 39, 79, 159, 299, 299]),
        (1.0, [1, 3, 7, 9, 9, 9, 9]),
    ],
)
async def test_bad_sweeps_are_repeated_soon_and_then_ever_more_rarely(
    interval: float, pauses: list[float]
) -> None:
    source = FakeSource()
    source.error = SourceUnavailable("ModelArts did not answer.")
    poller = make(source, interval=interval)

    assert [await poller.poll(OURS) for _ in pauses] == pauses


async def test_a_thousand_failures_do_not_overflow() -> None:
    source = FakeSource()
    source.error = SourceUnavailable("ModelArts did not answer.")
    poller = make(source)
    for _ in range(2000):
        pause = await poller.poll(OURS)

    assert pause == 299


async def test_one_good_sweep_forgets_the_bad_ones() -> None:
    source = FakeSource([a_job()])
    poller = make(source)
    source.error = SourceUnavailable("ModelArts did not answer.")
    await poller.poll(OURS)
    await poller.poll(OURS)
    source.error = None
    assert await poller.poll(OURS) == 30
    source.clock.advance(seconds=30)
    source.error = SourceUnavailable("ModelArts did not answer.")

    assert await poller.poll(OURS) == 14


@pytest.mark.parametrize(("asked", "pause"), [(120.0, 120.0), (1.0, 14.0), (900.0, 900.0)])
async def test_the_clouds_own_wish_to_wait_is_granted(asked: float, pause: float) -> None:
    source = FakeSource()
    source.error = SourceUnavailable("Too many calls.", retry_after=asked)

    assert await make(source).poll(OURS) == pause


@pytest.mark.parametrize("kind", [SourceRefused, LoginRefused])
async def test_a_refusal_is_never_raised(kind: type[JobSourceError]) -> None:
    source = FakeSource()
    source.error = kind("No.")

    assert await make(source).poll(OURS) == 14


async def test_an_index_that_another_read_keeps_fresh_is_not_read_again() -> None:
    source = FakeSource([a_job()])
    poller = make(source)
    await poller.poll(OURS)
    source.clock.advance(seconds=10)

    assert await poller.poll(OURS) == 20
    assert source.sweeps == 1


async def test_a_sweep_waits_for_the_budget_of_all_replicas() -> None:
    source, budget = FakeSource([a_job()]), FakeBudget(wait=timedelta(seconds=7))
    poller = make(source, budget=budget)

    assert await poller.poll(OURS) == 7
    assert (source.sweeps, budget.asked) == (0, [1])


async def test_an_index_that_is_not_very_old_comes_after_the_watch() -> None:
    source, budget = FakeSource([a_job()]), FakeBudget()
    poller = make(source, budget=budget)
    await poller.poll(OURS)
    budget.wait = timedelta(seconds=7)

    source.clock.advance(seconds=599)
    assert await poller.poll(OURS) == 9
    source.clock.advance(seconds=1)
    assert await poller.poll(OURS) == 7


async def test_what_the_watch_reads_each_interval_somewhere_is_left_to_it_for_a_while() -> None:
    source = FakeSource([a_job()])
    poller = make(source, is_swept=lambda _: True)
    await poller.poll(OURS)

    source.clock.advance(seconds=89)
    assert await poller.poll(OURS) == 1
    assert source.sweeps == 1
    source.clock.advance(seconds=1)
    await poller.poll(OURS)
    assert source.sweeps == 2


@pytest.mark.slow
async def test_a_budget_of_one_list_a_minute_is_the_watchs(sqlite_file: Path) -> None:
    """With the real store; the index asks first in each second, and must not get it."""
    jobs = 1_200
    source = FakeSource([a_job(number, 8) for number in range(1, jobs + 1)])
    clock = source.clock
    store = open_on_this_thread(sqlite_file, clock=clock, interval=timedelta(seconds=5))
    await store.subscriptions.subscribe(a_subscription(ProjectTarget()), baseline=None)
    pace = Pace(interval=5.0, calls_per_minute=20)
    catalog = Catalog(source, clock=clock)
    watcher = Watcher(catalog, store.watchlist, store.budget, pace=pace, clock=clock)
    poller = IndexPoller(catalog, store.budget, pace=pace, clock=clock, is_swept=watcher.is_swept)
    asks_at = 0.0
    for second in range(400):
        if second >= asks_at:
            asks_at = second + await poller.poll(OURS)
        await watcher.poll(OURS)
        if second % 100 == 90:
            source.jobs[second] = a_job(second + 1, 9)
        clock.advance(seconds=1)
    seen = await store.history.changes_since(OURS, since=clock() - timedelta(hours=1))
    await store.close()

    assert [change.job.id for change in seen] == [91, 191, 291]
    late = [(change.seen_at - NOW).total_seconds() - change.job.id for change in seen]
    assert max(late) < 65


async def test_without_a_database_the_index_is_kept_all_the_same() -> None:
    source = FakeSource([a_job()])
    budget = FakeBudget(error=StoreUnavailable("No database."))
    poller = make(source, budget=budget)

    assert await poller.poll(OURS) == 30
    source.clock.advance(seconds=30)
    source.error = SourceUnavailable("Too many calls.", retry_after=120)
    assert await poller.poll(OURS) == 120


async def test_the_clouds_wish_to_wait_is_told_to_all_replicas() -> None:
    source, budget = FakeSource(), FakeBudget()
    source.error = SourceUnavailable("Too many calls.", retry_after=90)

    await make(source, budget=budget).poll(OURS)

    assert budget.held == [90]


async def test_a_project_that_cannot_be_read_slows_down_no_other() -> None:
    source, theirs = FakeSource([a_job()]), FakeSource()
    theirs.project_id = "0neighbour"
    theirs.error = SourceUnavailable("ModelArts did not answer.", retry_after=20)
    neighbours = Project(team_id=OURS.team_id, project_id=theirs.project_id)
    catalog, budget = Catalog(source, theirs, clock=source.clock), FakeBudget()
    pace = Pace(interval=30, calls_per_minute=60)
    poller = IndexPoller(catalog, budget, pace=pace, clock=source.clock)

    assert [await poller.poll(neighbours) for _ in range(3)] == [20, 29, 59]
    assert await poller.poll(OURS) == 30
    source.clock.advance(seconds=30)
    source.error = SourceUnavailable("ModelArts did not answer.")
    assert await poller.poll(OURS) == 14
    assert await poller.poll(neighbours) == 119


#: What is read well 20 min after the list failed, and how long the log says that it lasted.
MEANWHILE: dict[str, tuple[list[str], float]] = {
    "nothing": ([], 1260),
    "the job, by the watch": (["job"], 0),
    "the whole list, by a person": (["list"], 1200),
    "both": (["job", "list"], 1200),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
async def test_the_log_says_how_long_the_list_is_known_to_have_failed(meanwhile: str) -> None:
    happens, lasted = MEANWHILE[meanwhile]
    source = FakeSource([a_job()])
    catalog = Catalog(source, clock=source.clock)
    pace = Pace(interval=30.0, calls_per_minute=60)
    poller = IndexPoller(catalog, FakeBudget(), pace=pace, clock=source.clock)
    source.error = SourceUnavailable("ModelArts did not answer.")
    with capture_logs() as lines:
        await poller.poll(OURS)
        source.error = None
        source.clock.advance(seconds=1200)
        for what in happens:
            await (catalog.get(OURS, a_job().id) if what == "job" else catalog.sweep(OURS))
        if happens:
            await poller.poll(OURS)
        source.clock.advance(seconds=60)
        await poller.poll(OURS)

    [over] = [line for line in lines if line["event"] == "reads_good_again"]
    assert over["lasted"] == lasted
