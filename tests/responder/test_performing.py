"""The Performer calls the cloud at most once, and records and returns the outcome."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.acting import ActionResult, Attempt, Decision, JobAction
from bot.core.errors import (
    BotError,
    JobNotFound,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
    StoreUnavailable,
)
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.project import Project
from bot.responder.performing import Performer
from tests.acting_fakes import DEADLINE, FakeLog, a_performer
from tests.fakes import FakeSource, ManualClock
from tests.make import PROJECT, a_job

P = Project(team_id="T1", project_id=PROJECT)
STOP = Attempt(project=P, job_id=JobId(205), action=JobAction.STOP, action_id="a", who="U1")
STATUS_TEN = "This job can't be stop. job status: 10"
DEAD = timedelta(seconds=61)


class Cloud(FakeSource):
    """A cloud with one running job: a call gets `answer`, after which `then` happens to the job."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__([a_job(205, 8)], clock=clock)
        self.answer: BotError | None = None
        self.then: Callable[[Cloud], None] = lambda cloud: cloud.become(9)
        self.gate = asyncio.Event()
        self.gate.set()

    def become(self, status: int) -> None:
        self.jobs = [self.jobs[0]._replace(status=JobStatus(status))]

    def go_silent(self) -> None:
        self.error = SourceUnavailable("silence")

    async def act(self, job_id: JobId, action: JobAction) -> None:
        await super().act(job_id, action)
        await self.gate.wait()
        self.then(self)
        if self.answer:
            raise self.answer


class World:
    """A Performer between a cloud and a log."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.cloud = Cloud(self.clock)
        self.log = FakeLog(self.clock)
        self.performer: Performer = a_performer(self.cloud, self.log, self.clock)

    async def perform(self, attempt: Attempt = STOP) -> ActionResult:
        return await self.performer.perform(attempt)

    @property
    def recorded(self) -> list[Decision]:
        """Return the decisions and the outcomes, in order."""
        found = []
        for entry in self.log.entries:
            found.append(entry.finding.decision)
            found += [entry.outcome.decision] if entry.outcome else []
        return found


@pytest.fixture
def world() -> World:
    return World()


def unchanged(cloud: Cloud) -> None:
    del cloud


#: The cloud's answer, what happens to the job, the recorded decision, and the state in the answer.
ANSWERS: dict[str, tuple[BotError | None, Callable[[Cloud], None], Decision, int | None]] = {
    "it accepts": (None, lambda cloud: cloud.become(9), Decision.ACCEPTED, 8),
    "it refuses, and says in which state the job is": (
        SourceRefused("no", code="ModelArts.0105", vendor_text=STATUS_TEN),
        unchanged,
        Decision.REFUSED,
        10,
    ),
    "it refuses, and says no more": (SourceRefused("no"), unchanged, Decision.REFUSED, 8),
    "it does not take our login": (LoginRefused("no"), unchanged, Decision.REFUSED, 8),
    "it denies the job": (JobNotFound("no"), unchanged, Decision.REFUSED, 8),
    "no clear answer, and it was done": (
        SourceUnavailable("?"),
        lambda cloud: cloud.become(9),
        Decision.UNCLEAR,
        9,
    ),
    "no clear answer, and it was not done": (
        SourceUnavailable("?"),
        unchanged,
        Decision.UNCLEAR,
        8,
    ),
    "no clear answer, and silence": (
        SourceUnavailable("?"),
        Cloud.go_silent,
        Decision.UNCLEAR,
        None,
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
async def test_the_cloud_is_asked_once_whatever_it_answers(world: World, case: str) -> None:
    world.cloud.answer, world.cloud.then, decision, status = ANSWERS[case]

    deed = await world.perform()

    assert deed.decision is decision
    assert (None if deed.job is None else deed.job.status) == status
    assert world.cloud.acts == [(205, JobAction.STOP)]
    assert world.recorded == [Decision.ALLOWED, decision]


def lose(world: World) -> None:
    world.cloud.error = JobNotFound("gone")


def silence(world: World) -> None:
    world.cloud.error = SourceUnavailable("silence")


#: What happens before the press, and the recorded decision.
NOT_CALLED: dict[str, tuple[Callable[[World], None], Decision]] = {
    "the job has ended": (lambda world: world.cloud.become(10), Decision.NOT_LEGAL),
    "the job is stopping": (lambda world: world.cloud.become(9), Decision.NOT_LEGAL),
    "the job is in a state that nobody knows": (
        lambda world: world.cloud.become(37),
        Decision.NOT_LEGAL,
    ),
    "the job is gone": (lose, Decision.GONE),
    "the cloud is silent": (silence, Decision.UNREADABLE),
}


@pytest.mark.parametrize("case", NOT_CALLED)
async def test_what_cannot_be_is_not_asked_for_and_spends_no_id(world: World, case: str) -> None:
    prepare, decision = NOT_CALLED[case]
    prepare(world)

    assert (await world.perform()).decision is decision
    assert (world.cloud.acts, world.recorded) == ([], [decision])

    world.cloud.error = None
    world.cloud.become(8)
    assert (await world.perform()).decision is Decision.ACCEPTED


async def test_without_a_record_nothing_is_called(world: World) -> None:
    world.log.error = StoreUnavailable("away", hint="Look at the disk.")

    with pytest.raises(StoreUnavailable, match="I did nothing") as caught:
        await world.perform()

    assert caught.value.hint == "Look at the disk."
    assert world.cloud.acts == []


async def test_an_outcome_that_cannot_be_recorded_is_told_all_the_same(world: World) -> None:
    def lose_the_database(cloud: Cloud) -> None:
        cloud.become(9)
        world.log.error = StoreUnavailable("away")

    world.cloud.then = lose_the_database

    assert (await world.perform()).decision is Decision.ACCEPTED


async def test_a_decision_that_took_too_long_is_not_followed_by_a_call(world: World) -> None:
    world.log.takes = timedelta(seconds=11)

    assert (await world.perform()).decision is Decision.NOT_CALLED
    assert (world.cloud.acts, world.recorded) == ([], [Decision.ALLOWED, Decision.NOT_CALLED])


async def test_nobody_can_be_calling_when_others_take_them_for_dead(world: World) -> None:
    """The longest that a call can be under way after its decision: the hesitation, the call."""
    world.log.takes = timedelta(seconds=10)
    world.cloud.gate.clear()
    slow = asyncio.create_task(world.perform())
    while not world.cloud.acts:
        await asyncio.sleep(0)
    world.log.takes = timedelta()
    world.clock.now += DEADLINE

    other = await world.perform(replace(STOP, action_id="b", who="U2"))

    assert other.decision is Decision.BUSY
    assert other.other is not None
    assert other.other.attempt.who == "U1"
    world.cloud.gate.set()
    assert (await slow).decision is Decision.ACCEPTED


async def test_whoever_stops_waiting_does_not_stop_the_call(world: World) -> None:
    world.cloud.gate.clear()
    waiting = asyncio.create_task(world.perform())
    while not world.cloud.acts:
        await asyncio.sleep(0)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    world.cloud.gate.set()
    await world.performer.finish()

    assert world.recorded == [Decision.ALLOWED, Decision.ACCEPTED]


FOUND: dict[str, tuple[Callable[[World], None], list[tuple[Decision, int | None]]]] = {
    "the job stops": (
        lambda world: world.cloud.become(9),
        [(Decision.ABANDONED, 9)],
    ),
    "the job still runs": (
        lambda world: world.cloud.become(8),
        [(Decision.ABANDONED, 8)],
    ),
    "the job is gone": (lose, [(Decision.ABANDONED, None)]),
    "the cloud is silent: another time": (silence, []),
}


@pytest.mark.parametrize("case", FOUND)
async def test_a_call_whose_maker_is_gone_is_concluded_as_found(world: World, case: str) -> None:
    prepare, expected = FOUND[case]
    await world.log.begin(STOP, found=JobStatus.RUNNING, after=0, abandoned_after=DEAD)
    assert await world.performer.conclude_abandoned(P) == ()
    world.clock.now += DEAD
    prepare(world)

    deeds = await world.performer.conclude_abandoned(P)

    told = [(deed.decision, _status(deed.job)) for deed in deeds]
    assert told == expected
    assert await world.performer.conclude_abandoned(P) == ()
    assert world.cloud.acts == []


def _status(job: VisualizationJob | None) -> int | None:
    return None if job is None else int(job.status)


async def test_of_two_projects_the_one_of_the_press_is_called() -> None:
    clock = ManualClock()
    ours, theirs = Cloud(clock), Cloud(clock)
    theirs.project_id = "0neighbour"
    performer = Performer(
        ours,
        theirs,
        log=FakeLog(clock),
        clock=clock,
        monotonic=clock.monotonic,
        call_deadline=DEADLINE,
    )

    await performer.perform(replace(STOP, project=replace(P, project_id=theirs.project_id)))

    assert (ours.acts, theirs.acts) == ([], [(205, JobAction.STOP)])
    assert ours.gets == []
