"""Cut a look of the guard off at its first statement, at the second, and so on: the notice that is
due is still posted once.

The same for the whole way from the read to the message, with SIGKILL at points of it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.care import Keep
from bot.core.delivery import GuardDelivery
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import Place
from bot.store import SqlStore, open_store
from tests.fakes import ManualClock
from tests.proof.extent import IS_FULL, Results
from tests.proof.stage import Died, Forge, Stage, staged
from tests.proof.story import JOB, PLACE, Fresh
from tests.store.conftest import UNHURRIED
from tests.store.world import HERE, NOON, P1, THERE, World, a_subscription, job

RULES = GuardRules(hours=(8, 24), stuck_after=timedelta(minutes=15))
HOUR = timedelta(hours=1)
#: The kinds of notice that may be due after nine hours: of a mark, or of the end of a lease.
DUE = ("cost", "lease_over")
SAMPLE = 5
# With PostgreSQL a replica uses the computer's clock, by which it looks once in two seconds.
LONGEST_TELLING_SECONDS = 60
# In the first round the job is read and looked at, in the second the message is posted.
ROUNDS_OF_TELLING = 2


class Cut(Exception):
    """The connection to the database was cut."""


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """A function that makes new databases, of each kind in turn."""
    made: Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return made


@contextmanager
def cut_at(store: SqlStore, statement: int, *, after: bool) -> Iterator[list[str]]:
    """Cut the connection before or after the statement of this number; yield the statements that
    were reached."""
    passed: list[str] = []

    def note(*given: Any) -> None:
        passed.append(str(given[2])[:60])
        if len(passed) == statement:
            raise Cut

    name = "after_cursor_execute" if after else "before_cursor_execute"
    engine = store._database.engine
    event.listen(engine, name, note)
    try:
        yield passed
    finally:
        event.remove(engine, name, note)


def read_at(hours: float) -> VisualizationJob:
    return job(JOB, 8, at=hours * 3600)._replace(duration=hours * HOUR)


async def told_when_cut(url: str, due: str, statement: int, *, after: bool) -> tuple[int, bool]:
    """Cut a look off at a statement, and check that two places get one notice each; return the
    number of notices, and whether the statement was reached."""
    clock = ManualClock(NOON)
    store = open_store(url, clock=clock, patience=UNHURRIED)
    world = World(store, clock)
    try:
        for place in (HERE, THERE):
            await world.subscribe(a_subscription(JOB, place), baseline=read_at(0))
        await world.observe(read_at(0))
        await store.care.look_after(P1, RULES)
        if due == "lease_over":
            until = await world.now() + HOUR
            await store.care.keep(P1, JobId(JOB), Keep(until=until, by="U1"))
        await world.send_all()
        await world.pass_time(9 * HOUR)
        await world.observe(read_at(9))
        with cut_at(store, statement, after=after) as passed, suppress(Cut):
            await store.care.look_after(P1, RULES)
        is_cut = len(passed) >= statement
        await store.care.look_after(P1, RULES)
        await store.care.look_after(P1, RULES)
        notices = [one for one in await world.send_all() if isinstance(one, GuardDelivery)]
        assert sorted(one.place.channel_id for one in notices) == ["C1", "C2"]
        assert {one.facts.kind.value for one in notices} == {due}
        return len(notices), is_cut
    finally:
        await store.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("due", DUE)
async def test_a_look_may_be_cut_off_at_any_statement(
    fresh: Fresh, due: str, results: Results
) -> None:
    cuts = 0
    step = 1 if IS_FULL else 2  # the short version cuts before each odd statement, after each even
    for after in (False, True):
        statement = 1 + (after and not IS_FULL)
        while (await told_when_cut(fresh(), due, statement, after=after))[1]:
            statement += step
            cuts += 1
    kind = fresh().partition(":")[0]
    results.add(f"a look cut off at each statement, {kind}, {due}", f"{cuts} cuts", faults=cuts)
    assert cuts > (10 if IS_FULL else 5)


class GuardStory:
    """A job that runs for nine hours, and replicas of which the first one is killed."""

    def __init__(self, stage: Stage, fatal: int | None) -> None:
        self.deaths = 0
        #: The points that the first replica passes while it looks and posts.
        self.telling = range(0)
        self._stage = stage
        self._fatal = fatal

    async def tell(self) -> list[str]:
        """Play the story, from the subscription to the message; return the points that the first
        replica passed."""
        stage = self._stage
        stage.add_job(JOB, 8)
        self._actor = first = await stage.enter(fatal=self._fatal)
        while not await self._act("subscribe", job=JOB, channel=PLACE.channel_id):
            pass
        for _ in range(3):
            await self._round()
        await stage.world.pass_time(9 * HOUR)
        before = len(first.points)
        for _ in range(ROUNDS_OF_TELLING):
            await self._round()
        self.telling = range(before + 1, len(first.points) + 1)
        async with asyncio.timeout(LONGEST_TELLING_SECONDS):
            while not (guard_messages(stage, PLACE) and await stage.is_quiet()):
                await self._round()
        for pause in (3 / 60, 15 / 60, 4.0):
            await stage.world.pass_time(pause * HOUR)
            await self._round()
        return first.points

    async def _round(self) -> None:
        await self._act("round")
        await self._stage.world.pass_time(timedelta(seconds=2))

    async def _act(self, what: str, **details: object) -> bool:
        try:
            await self._actor.do(what, now=self._stage.clock(), **details)
        except Died:
            self.deaths += 1
            self._actor = await self._stage.enter()
            return False
        return True


def guard_messages(stage: Stage, place: Place) -> list[dict[str, Any]]:
    return [
        message["metadata"]["event_payload"]
        for message in stage.slack.messages(place.channel_id)
        if message.get("metadata", {}).get("event_type") == "visjob_guard"
    ]


async def tell(forge: Forge, fresh: Fresh, fatal: int | None) -> tuple[GuardStory, list[str]]:
    async with staged(forge, fresh(), guard_hours=(8, 24)) as stage:
        story = GuardStory(stage, fatal)
        points = await story.tell()
        found = guard_messages(stage, PLACE)
        assert [(one["kind"], one["hours"]) for one in found] == [("cost", 8)], fatal
        return story, points


@pytest.mark.timeout(3600 if IS_FULL else 240)
async def test_a_replica_may_die_at_any_point_between_the_mark_and_its_message(
    forge: Forge, fresh: Fresh, results: Results
) -> None:
    whole, _ = await tell(forge, fresh, None)
    after = whole.telling
    chosen = after if IS_FULL else [after[int(len(after) * n / SAMPLE)] for n in range(SAMPLE)]
    tried = 0
    for fatal in chosen:
        story, _ = await tell(forge, fresh, fatal)
        tried += story.deaths
    kind = fresh().partition(":")[0]
    results.add(
        f"killed between a mark and its message, {kind}",
        f"{tried} of {len(after)} points",
        faults=tried,
    )
    assert tried >= min(SAMPLE - 1, len(after) - 1)
