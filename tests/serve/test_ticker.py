"""Duties: begun when due, one run at a time, never ended by a bug."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.project import Project
from bot.serve.ticker import Duty, DutyForEach, TickTrigger, start_ticking, stop_ticking
from tests.fakes import ManualClock
from tests.make import OURS


class Work:
    """Work that a test lets go on, and that says when it shall be repeated."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.pause = 30.0
        self.error: Exception | None = None
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def __call__(self) -> float:
        self.begun += 1
        await self.may_go_on.wait()
        if self.error:
            raise self.error
        self.ended += 1
        return self.pause


@pytest.fixture
async def work() -> Work:
    return Work()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def duty(work: Work, clock: ManualClock) -> AsyncIterator[Duty]:
    made = Duty("poll", work, monotonic=clock.monotonic)
    yield made
    await made.stop()


async def tick(duty: Duty | DutyForEach) -> None:
    duty.tick()
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_new_duty_is_due_at_once(duty: Duty, work: Work) -> None:
    await tick(duty)

    assert work.ended == 1


async def test_it_is_due_again_after_the_pause_that_it_asked_for(
    duty: Duty, work: Work, clock: ManualClock
) -> None:
    await tick(duty)
    clock.advance(seconds=29.9)
    await tick(duty)
    assert work.begun == 1
    clock.advance(seconds=0.1)
    await tick(duty)

    assert work.begun == 2


async def test_the_pause_begins_when_the_work_ends(
    duty: Duty, work: Work, clock: ManualClock
) -> None:
    work.may_go_on.clear()
    await tick(duty)
    clock.advance(seconds=100)
    work.may_go_on.set()
    await asyncio.sleep(0)
    await tick(duty)

    assert work.begun == 1


async def test_two_runs_never_overlap(duty: Duty, work: Work, clock: ManualClock) -> None:
    work.may_go_on.clear()
    for _ in range(3):
        await tick(duty)
        clock.advance(minutes=10)

    assert work.begun == 1


async def test_a_bug_is_tried_again_after_a_minute(
    duty: Duty, work: Work, clock: ManualClock
) -> None:
    work.error = RuntimeError("a bug")
    await tick(duty)
    clock.advance(seconds=59)
    await tick(duty)
    assert work.begun == 1
    work.error = None
    clock.advance(seconds=1)
    await tick(duty)

    assert work.ended == 1


async def test_stopping_gives_up_the_run_under_way(duty: Duty, work: Work) -> None:
    work.may_go_on.clear()
    await tick(duty)
    await duty.stop()
    work.may_go_on.set()
    await asyncio.sleep(0)

    assert (work.begun, work.ended) == (1, 0)


async def test_ticking_begins_with_a_tick(duty: Duty, work: Work) -> None:
    scheduler = start_ticking([duty])
    for _ in range(5):
        await asyncio.sleep(0)
    await stop_ticking(scheduler)

    assert work.ended == 1


@pytest.mark.parametrize("leap", [timedelta(seconds=3), timedelta(days=30), timedelta(days=20_000)])
def test_a_leap_of_the_clock_is_worth_one_tick(leap: timedelta) -> None:
    trigger, now = TickTrigger(seconds=1, timezone="UTC"), datetime(2026, 3, 1, tzinfo=UTC)

    assert trigger.get_next_fire_time(now - leap, now) == now
    assert trigger.get_next_fire_time(now, now) == now + timedelta(seconds=1)


@pytest.mark.parametrize("steps", range(6))
async def test_stopping_at_any_moment_of_a_tick_is_no_error(
    duty: Duty, caplog: pytest.LogCaptureFixture, steps: int
) -> None:
    scheduler = start_ticking([duty])
    [job] = scheduler.get_jobs()
    job.modify(next_run_time=datetime.now(UTC))
    for _ in range(steps):
        await asyncio.sleep(0)
    await stop_ticking(scheduler)
    for _ in range(5):
        await asyncio.sleep(0)

    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


THEIRS = Project(team_id="T0OTHER001", project_id="theirs")


class WorkForEach:
    """Work that notes for whom it was done; it breaks for some, and is due again after 30 s."""

    def __init__(self, *broken: Project) -> None:
        self.done: list[Project] = []
        self._broken = broken

    async def __call__(self, project: Project) -> float:
        self.done.append(project)
        if project in self._broken:
            raise RuntimeError("a bug")
        return 30.0


async def test_nothing_is_done_until_a_project_is_served(clock: ManualClock) -> None:
    served: list[Project] = []
    work = WorkForEach()
    duty = DutyForEach("test", work, projects=lambda: served, monotonic=clock.monotonic)
    await tick(duty)
    assert work.done == []

    served.append(OURS)
    await tick(duty)
    assert work.done == [OURS], "at the next tick"


async def test_each_project_has_its_own_turn_and_a_bug_with_one_stops_no_other(
    clock: ManualClock,
) -> None:
    work = WorkForEach(THEIRS)
    duty = DutyForEach("test", work, projects=lambda: (THEIRS, OURS), monotonic=clock.monotonic)
    for _ in range(61):
        await tick(duty)
        clock.advance(seconds=1)

    assert work.done.count(OURS) == 3
    assert work.done.count(THEIRS) == 2, "after a bug once a minute"


async def test_no_project_waits_for_another_and_a_stop_ends_them_all(clock: ManualClock) -> None:
    gate, begun, ended = asyncio.Event(), [], []

    async def wait(project: Project) -> float:
        begun.append(project)
        try:
            await gate.wait()
        finally:
            ended.append(project)
        return 1.0

    duty = DutyForEach("test", wait, projects=lambda: (THEIRS, OURS), monotonic=clock.monotonic)
    await tick(duty)
    assert begun == [THEIRS, OURS]
    await duty.stop()

    assert set(ended) == {THEIRS, OURS}
