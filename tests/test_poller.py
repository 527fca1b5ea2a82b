"""How long the poller pauses: after a good sweep, and after bad ones."""

from datetime import timedelta

import pytest

from bot.catalog import Catalog
from bot.core.errors import (
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.pace import Pace
from bot.poller import Poller
from tests.fakes import FakeSource
from tests.make import a_job
from tests.watch_fakes import FakeBudget


def make(
    source: FakeSource,
    *,
    interval: float = 30.0,
    per_minute: int = 60,
    budget: FakeBudget | None = None,
) -> Poller:
    """A Poller on the source's clock."""
    pace = Pace(interval=interval, calls_per_minute=per_minute)
    catalog = Catalog(source, clock=source.clock)
    return Poller(catalog, budget or FakeBudget(), pace=pace, clock=source.clock)


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

    assert await poller.poll() == pytest.approx(pause)


@pytest.mark.parametrize(
    ("interval", "pauses"),
    [
        (30.0, [14, 29, 59, 119, 239, 299, 299]),
        (5.0, [9, 19, 39, 79, 159, 299, 299]),
        (1.0, [1, 3, 7, 15, 31, 63, 127]),
    ],
)
async def test_bad_sweeps_are_repeated_soon_and_then_ever_more_rarely(
    interval: float, pauses: list[float]
) -> None:
    source = FakeSource()
    source.error = SourceUnavailable("ModelArts did not answer.")
    poller = make(source, interval=interval)

    assert [await poller.poll() for _ in pauses] == pauses


async def test_a_thousand_failures_do_not_overflow() -> None:
    source = FakeSource()
    source.error = SourceUnavailable("ModelArts did not answer.")
    poller = make(source)
    for _ in range(2000):
        pause = await poller.poll()

    assert pause == 299


async def test_one_good_sweep_forgets_the_bad_ones() -> None:
    source = FakeSource([a_job()])
    poller = make(source)
    source.error = SourceUnavailable("ModelArts did not answer.")
    await poller.poll()
    await poller.poll()
    source.error = None
    assert await poller.poll() == 30
    source.clock.advance(seconds=30)
    source.error = SourceUnavailable("ModelArts did not answer.")

    assert await poller.poll() == 14


@pytest.mark.parametrize(("asked", "pause"), [(120.0, 120.0), (1.0, 14.0), (900.0, 900.0)])
async def test_the_clouds_own_wish_to_wait_is_granted(asked: float, pause: float) -> None:
    source = FakeSource()
    source.error = SourceUnavailable("Too many calls.", retry_after=asked)

    assert await make(source).poll() == pause


@pytest.mark.parametrize("kind", [SourceRefused, LoginRefused])
async def test_a_refusal_is_never_raised(kind: type[JobSourceError]) -> None:
    source = FakeSource()
    source.error = kind("No.")

    assert await make(source).poll() == 14


async def test_an_index_that_another_read_keeps_fresh_is_not_read_again() -> None:
    source = FakeSource([a_job()])
    poller = make(source)
    await poller.poll()
    source.clock.advance(seconds=10)

    assert await poller.poll() == 20
    assert source.sweeps == 1


async def test_a_sweep_waits_for_the_budget_of_all_replicas() -> None:
    source, budget = FakeSource([a_job()]), FakeBudget(wait=timedelta(seconds=7))
    poller = make(source, budget=budget)

    assert await poller.poll() == 7
    assert (source.sweeps, budget.asked) == (0, [1])


async def test_without_a_database_the_index_is_kept_all_the_same() -> None:
    source = FakeSource([a_job()])
    budget = FakeBudget(error=StoreUnavailable("No database."))
    poller = make(source, budget=budget)

    assert await poller.poll() == 30
    source.clock.advance(seconds=30)
    source.error = SourceUnavailable("Too many calls.", retry_after=120)
    assert await poller.poll() == 120


async def test_the_clouds_wish_to_wait_is_told_to_all_replicas() -> None:
    source, budget = FakeSource(), FakeBudget()
    source.error = SourceUnavailable("Too many calls.", retry_after=90)

    await make(source, budget=budget).poll()

    assert budget.held == [90]
