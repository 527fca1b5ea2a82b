"""One look for all duties of a tick, and which of them it lets run."""

import asyncio

import pytest

from bot.core.errors import StoreUnavailable
from bot.core.project import Project
from bot.serve.due_checks import DueChecks
from bot.serve.ticker import Work
from bot.store.due_work import DueWork
from tests.fakes import ManualClock
from tests.make import OURS

NOTHING = DueWork(False, False, False, False, False)


class Book:
    """The database; counts how often it is looked at."""

    def __init__(self) -> None:
        self.due = NOTHING
        self.looks = 0
        self.is_away = False

    async def read(self, _: Project) -> DueWork:
        self.looks += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise StoreUnavailable("No database.")
        return self.due


class Duties:
    """Two duties that share their looks."""

    def __init__(self) -> None:
        self.book, self.clock = Book(), ManualClock()
        self.ran: list[str] = []
        looks = DueChecks(self.book.read, at_least_every=10, monotonic=self.clock.monotonic)
        self._works = (
            looks.when(lambda due: due.may_watch, self._work("watch")),
            looks.when(lambda due: due.may_deliver, self._work("deliver")),
        )

    async def tick(self) -> list[float]:
        self.clock.advance(seconds=1)
        self.ran.clear()
        return await asyncio.gather(*(work(OURS) for work in self._works))

    def _work(self, name: str) -> Work:
        async def work(_: Project) -> float:
            self.ran.append(name)
            return 3.0

        return work


@pytest.fixture
async def duties() -> Duties:
    made = Duties()
    assert await made.tick() == [3.0, 3.0]
    return made


async def test_what_has_nothing_to_do_ends_with_one_look_of_all(duties: Duties) -> None:
    pauses = await duties.tick()

    assert duties.ran == []
    assert duties.book.looks == 1
    assert all(pause < 1 for pause in pauses), "it is asked again at the next tick"


async def test_only_what_has_something_to_do_runs_and_says_when_to_come_back(
    duties: Duties,
) -> None:
    duties.book.due = NOTHING._replace(may_deliver=True)

    assert (await duties.tick())[1] == 3.0
    assert duties.ran == ["deliver"]


async def test_each_tick_looks_anew(duties: Duties) -> None:
    await duties.tick()
    duties.book.due = NOTHING._replace(may_watch=True)
    await duties.tick()

    assert duties.ran == ["watch"]
    assert duties.book.looks == 2


async def test_what_goes_by_its_own_clock_comes_in_time_with_nothing_due(duties: Duties) -> None:
    for _ in range(9):
        await duties.tick()
        assert duties.ran == []
    await duties.tick()

    assert sorted(duties.ran) == ["deliver", "watch"]


async def test_without_a_database_the_duties_run_and_say_so_themselves(duties: Duties) -> None:
    duties.book.is_away = True
    await duties.tick()

    assert sorted(duties.ran) == ["deliver", "watch"]


async def test_a_duty_that_is_stopped_leaves_the_look_to_the_others(duties: Duties) -> None:
    duties.book.due = NOTHING._replace(may_deliver=True)
    first, second = (asyncio.ensure_future(work(OURS)) for work in duties._works)
    await asyncio.sleep(0)
    first.cancel()

    assert await second == 3.0
