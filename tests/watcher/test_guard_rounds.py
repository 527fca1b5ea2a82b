"""The guard in the watcher's turn: what it tells, when it looks, and that it asks no cloud."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.delivery import GuardDelivery
from bot.core.errors import StoreUnavailable
from bot.core.guard import GuardRules
from bot.core.project import Project
from bot.watcher.guard_rounds import GuardRounds
from bot.watcher.recorder import News
from tests.fakes import ManualClock
from tests.make import OURS, a_job
from tests.proof.virtual_time import open_on_this_thread
from tests.watcher.test_watching import RULES, World

INTERVAL = timedelta(seconds=30)


@pytest.fixture
async def world(sqlite_file: Path) -> AsyncIterator[World]:
    clock = ManualClock()
    store = open_on_this_thread(sqlite_file, clock=clock, interval=INTERVAL)
    made = World(store, clock)
    made.source.jobs[0] = a_job(205, 8, duration=timedelta(hours=7, minutes=59))
    yield made
    await store.close()


async def told(world: World) -> list[tuple[str, int]]:
    return [
        (one.facts.kind.value, one.facts.hours)
        for one in await world.delivered(OURS)
        if isinstance(one, GuardDelivery)
    ]


@pytest.mark.slow
async def test_a_mark_is_told_after_the_poll_that_confirms_it_and_costs_no_read(
    world: World,
) -> None:
    await world.say("subscribe 205 for failures")
    await world.poll_for(31)
    assert await told(world) == []
    before = len(world.source.gets)
    world.source.jobs[0] = a_job(205, 8, duration=timedelta(hours=8, minutes=1))
    await world.poll_for(62)
    assert await told(world) == [("cost", 8)]
    assert len(world.source.gets) - before == 2
    await world.poll_for(62)
    assert await told(world) == []


async def test_what_runs_beyond_a_mark_is_said_in_the_answer_and_the_next_mark_is_news(
    world: World,
) -> None:
    world.source.jobs[0] = a_job(205, 8, duration=timedelta(hours=26))
    await world.say("subscribe 205")
    await world.poll_for(62)
    assert await told(world) == []
    world.source.jobs[0] = a_job(205, 8, duration=timedelta(hours=48))
    await world.poll_for(62)
    assert await told(world) == [("cost", 48)]


async def test_a_kept_job_is_reported_when_its_lease_is_over(world: World) -> None:
    await world.say("subscribe 205")
    await world.poll_for(31)
    assert "is kept until" in await world.say("keep 205 30m")
    world.source.jobs[0] = a_job(205, 8, duration=timedelta(hours=8, minutes=1))
    await world.poll_for(62)
    assert await told(world) == []
    world.clock.advance(seconds=1800)
    world.source.jobs[0] = a_job(205, 8, duration=timedelta(hours=8, minutes=32))
    await world.poll_for(62)
    assert await told(world) == [("lease_over", 8)]


class FakeGuard:
    """Counts the looks; breaks once, or always."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.looks: list[bool] = []

    async def look_after(
        self, project: Project, rules: GuardRules, *, is_careful: bool = False
    ) -> bool:
        del project, rules
        self.looks.append(is_careful)
        answer = self.answers.pop(0) if self.answers else False
        if isinstance(answer, Exception):
            raise answer
        return answer


QUIET = News(has_changed=False, has_waiting=False)
CHANGED = News(has_changed=True, has_waiting=False)
WAITING = News(has_changed=False, has_waiting=True)


async def test_it_looks_once_in_an_interval_after_a_change_and_while_there_is_more() -> None:
    clock, guard = ManualClock(), FakeGuard(False, False, True)
    rounds = GuardRounds(guard, RULES, interval=INTERVAL, clock=clock)
    for seconds, news, looks in (
        (0, QUIET, 1),
        (10, QUIET, 1),
        (0, CHANGED, 2),
        (30, QUIET, 3),
        (1, QUIET, 4),
        (1, QUIET, 4),
        (2, WAITING, 4),
        (2, WAITING, 5),
        (5, QUIET, 5),
    ):
        clock.advance(seconds=seconds)
        await rounds.look(OURS, news)
        assert len(guard.looks) == looks


async def test_it_looks_each_minute_if_the_interval_is_an_hour() -> None:
    clock, guard = ManualClock(), FakeGuard(*[False] * 3)
    rounds = GuardRounds(guard, RULES, interval=timedelta(hours=1), clock=clock)
    for seconds, looks in ((0, 1), (59, 1), (1, 2), (30, 2), (30, 3)):
        clock.advance(seconds=seconds)
        await rounds.look(OURS, QUIET)
        assert len(guard.looks) == looks


@pytest.mark.parametrize(
    ("minutes", "after"), [(1, 60), (2, 120), pytest.param(15, 900, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("status", [1, 7, 9])
async def test_who_waits_is_told_one_read_after_the_time_of_the_setting(
    sqlite_file: Path, minutes: int, after: int, status: int
) -> None:
    clock = ManualClock()
    store = open_on_this_thread(sqlite_file, clock=clock, interval=INTERVAL)
    rules = GuardRules(hours=(), stuck_after=timedelta(minutes=minutes))
    world = World(store, clock, rules)
    world.source.jobs[0] = a_job(205, 8)
    await world.say("subscribe 205")
    await world.poll_for(31)
    world.source.jobs[0] = a_job(205, status)
    await world.poll_for(31)
    assert await told(world) == []
    await world.poll_for(after - 31)
    assert await told(world) == []
    await world.poll_for(31 + 5)
    assert await told(world) == [("stuck", 0)]
    await store.close()


async def test_one_job_that_breaks_us_is_looked_for_apart_and_a_database_that_is_down_is_not() -> (
    None
):
    guard = FakeGuard(ValueError("ours"), False, StoreUnavailable("down"))
    rounds = GuardRounds(guard, RULES, interval=INTERVAL, clock=ManualClock())
    await rounds.look(OURS, QUIET)
    assert guard.looks == [False, True]
    with pytest.raises(StoreUnavailable):
        await rounds.look(OURS, CHANGED)
