"""What a scrape tells of the database, where that is away, slow, or hangs."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import StoreUnavailable
from bot.serve.database_gauges import DatabaseGauges
from bot.store.gauges import Gauges
from tests.fakes import ManualClock

SOON = 0.02


def gauges(number: int) -> Gauges:
    return Gauges(
        watched_jobs=number,
        subscriptions=0,
        kept_out=0,
        oldest_free=timedelta(0),
        dead_letters=0,
        running_job_hours=0,
    )


class Known:
    """A database whose statements answer, fail, or hang until they are let go."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.check, self.figures = "answers", "answers"
        self.let_go = asyncio.Event()
        self.reads = 0

    async def answers(self) -> bool:
        if self.check == "hangs":
            await self.let_go.wait()
            return False
        return self.check != "fails"

    async def gauges(self) -> Gauges:
        self.reads += 1
        number = self.reads
        if self.figures == "hangs":
            await self.let_go.wait()
        if self.figures == "fails":
            raise StoreUnavailable("away")
        return gauges(number)

    def opened(self) -> DatabaseGauges:
        return DatabaseGauges(
            answers=self.answers,
            gauges=self.gauges,
            monotonic=lambda: self.clock().timestamp(),
            deadline_seconds=SOON,
        )


#: What the check and the figures do after a good scrape; whether it is up, and what is told.
SCRAPES: list[tuple[str, str, str, bool, int | None]] = [
    ("All is well.", "answers", "answers", True, 2),
    ("It is slow: the figures do not come in time.", "answers", "hangs", True, 1),
    ("It refuses the figures alone.", "answers", "fails", True, 1),
    ("The figures came, and so it answers.", "hangs", "answers", True, 2),
    ("It is slow: nothing comes in time.", "hangs", "hangs", True, 1),
    ("It is away.", "fails", "fails", False, None),
    ("It is away, and its figures hang.", "fails", "hangs", False, None),
]


@pytest.mark.parametrize(("what", "check", "figures", "is_up", "told"), SCRAPES)
async def test_a_slow_database_is_not_down(
    what: str, check: str, figures: str, is_up: bool, told: int | None
) -> None:
    known = Known()
    page = known.opened()
    await page.look()
    known.check, known.figures = check, figures

    up, found = await page.look()
    known.let_go.set()

    assert up is is_up, what
    assert (found.watched_jobs if found else None) == told


async def test_a_database_that_hangs_is_down_once_the_question_was_given_up() -> None:
    known = Known()
    page = known.opened()
    await page.look()
    known.check, known.figures = "hangs", "hangs"

    at_first = await page.look()
    known.let_go.set()
    known.figures = "fails"
    await asyncio.sleep(0)
    known.let_go.clear()
    later = await page.look()
    known.check, known.figures = "answers", "answers"
    known.let_go.set()
    await page.look()

    assert (at_first[0], later) == (True, (False, None))
    assert (await page.look())[0]


async def test_figures_that_come_late_are_those_of_the_next_scrape_and_are_read_once() -> None:
    known = Known()
    page = known.opened()
    known.figures = "hangs"

    first, second = await asyncio.gather(page.look(), page.look())
    known.let_go.set()
    up, found = await page.look()

    assert first == second == (True, None)
    assert (up, found) == (True, gauges(1))
    assert known.reads == 1


@pytest.mark.parametrize(("seconds", "is_told"), [(119, True), (121, False)])
async def test_figures_that_are_old_are_left_out(seconds: int, is_told: bool) -> None:
    known = Known()
    page = known.opened()
    await page.look()
    known.figures = "fails"
    known.clock.advance(seconds=seconds)

    up, found = await page.look()

    assert up
    assert (found is not None) is is_told
