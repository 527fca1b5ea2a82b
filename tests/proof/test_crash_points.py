"""A replica is killed at the first point of its way, at the second, and so on until the last.

Points are both sides of every call of a port, of every statement and commit, of what is sent to
Slack and received; and, in Slack, every call that has arrived and is done, but never answered.
`VISJOB_PROOF=full` kills at all of them, and twice at pairs of them; otherwise at a sample.
"""

import asyncio
import itertools
import os
import random
import signal
import sys
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.core.outbox import delivery_id
from bot.core.watch import Place
from bot.demo.workspace.cast import EXPERIMENTS
from tests.proof.replica import TEAM
from tests.proof.stage import Actor, Died, Forge, Stage, staged

IS_FULL = os.environ.get("VISJOB_PROOF") == "full"
PLACE = Place(team_id=TEAM, channel_id=EXPERIMENTS)
JOB = 205
#: Waiting, running, being stopped; then it is deleted.
STATUSES = (7, 8, 9)
STEPS = [(1, 7), (7, 8), (8, 9), (9, -1)]
ROUND = timedelta(seconds=2)
MOST_ROUNDS = 120
SAMPLE = 4
PAIRS = 2000
#: Of Slack's calls the first asks who we are.
FIRST_POST = 2
SOME_CALLS = (2, 4, 6)
LIMIT = 6 * 3600 if IS_FULL else 90


Fresh = Callable[[], str]


class Story:
    """One job's life, told to one place by replicas of which the first is killed."""

    def __init__(
        self, stage: Stage, *, replicas: int, fatal: Iterable[int] = (), fatal_call: int = 0
    ) -> None:
        """`fatal`: the point at which the first replica dies, then its successor, and so on;
        `fatal_call`: the call of Slack's that it does not survive."""
        self.deaths = 0
        self.calls = 0
        self._stage = stage
        self._replicas = replicas
        self._fatal = iter(fatal)
        self._fatal_call = fatal_call
        self._cast: list[Actor] = []

    async def tell(self) -> list[str]:
        """Let everything happen and be told; the points that the first replica passed."""
        stage = self._stage
        stage.slack.faults.choose_with(self._note_call)
        stage.add_job(JOB, STEPS[0][0])
        self._cast = [await stage.enter(fatal=next(self._fatal, None))]
        first = self._cast[0]
        self._cast += [await stage.enter() for _ in range(self._replicas - 1)]
        while not await self._act(0, "subscribe", job=JOB, channel=PLACE.channel_id):
            pass
        for number, status in enumerate(STATUSES, 1):
            stage.cloud.push(JOB, status)
            await self._go_on_until(partial(self._has_seen, number))
        stage.cloud.vanish(JOB)
        await self._go_on_until(partial(self._has_seen, len(STEPS)))
        await self._go_on_until(self._is_told)
        for pause in (timedelta(minutes=3), timedelta(minutes=15), timedelta(hours=25)):
            await stage.world.pass_time(pause)
            await self._round()
        return first.points

    async def check(self) -> None:
        """Every change exactly once and in order, under one card that is right."""
        history = await self._stage.history()
        assert [(one.step.before, one.step.after) for one in history] == STEPS
        assert self._stage.told(PLACE) == [delivery_id(PLACE, change) for change in history]
        [card] = self._stage.cards(PLACE)
        assert "was deleted" in card, card

    async def _go_on_until(self, is_done: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(MOST_ROUNDS):
            if await is_done():
                return
            await self._round()
        raise AssertionError("it does not end")

    async def _round(self) -> None:
        await asyncio.gather(*(self._act(number, "round") for number in range(len(self._cast))))
        await self._stage.world.pass_time(ROUND)

    async def _act(self, number: int, what: str, **details: object) -> bool:
        try:
            await self._cast[number].do(what, now=self._stage.clock(), **details)
        except Died:
            self.deaths += 1
            self._cast[number] = await self._stage.enter(fatal=next(self._fatal, None))
            return False
        return True

    async def _has_seen(self, changes: int) -> bool:
        return len(await self._stage.history()) == changes

    async def _is_told(self) -> bool:
        return await self._stage.is_quiet() and await self._stage.is_shown()

    def _note_call(self, *_: object) -> None:
        self.calls += 1
        if self.calls == self._fatal_call:
            self._cast[0].send(signal.SIGKILL)


@pytest.fixture
def fresh_sqlite(tmp_path: Path) -> Fresh:
    """A new SQLite file for each story."""
    return lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"


@pytest.fixture
def fresh_postgresql(postgresql_server: str) -> Iterator[Fresh]:
    """A new PostgreSQL database for each story."""
    names: list[str] = []

    def fresh() -> str:
        names.append(f"story_{uuid.uuid4().hex}")
        admin.execute(f"CREATE DATABASE {names[-1]}")
        return postgresql_server.replace("/postgres?", f"/{names[-1]}?")

    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        yield fresh
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """New databases of both kinds in turn."""
    made: Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return made


def say(*lines: str) -> None:
    """Into the report of `pytest -s` or `-rP`."""
    sys.stdout.write("\n".join(["", *lines, ""]))


async def tell(
    forge: Forge, fresh: Fresh, replicas: int = 1, *, fatal: Iterable[int] = (), fatal_call: int = 0
) -> tuple[Story, list[str]]:
    """A whole story on a stage of its own, checked; and what the first replica passed."""
    async with staged(forge, fresh()) as stage:
        story = Story(stage, replicas=replicas, fatal=fatal, fatal_call=fatal_call)
        try:
            points = await story.tell()
            await story.check()
        except AssertionError as error:
            raise AssertionError(f"killed at point {fatal} or call {fatal_call}") from error
        return story, points


def chosen(last: int, sample: int) -> Iterable[int]:
    """Which of the points 1 to `last` to try: all, or some at equal distances."""
    if IS_FULL:
        return range(1, last + 1)
    return sorted({round(last * (number + 0.5) / sample) for number in range(sample)})


async def kill_at_points(forge: Forge, fresh: Fresh, replicas: int) -> None:
    """Kill the first replica at each chosen point; all of them means until there is none left."""
    story, points = await tell(forge, fresh, replicas)
    assert story.deaths == 0
    tried = 0
    ways = itertools.count(1) if IS_FULL else chosen(len(points), SAMPLE)
    for point in ways:
        story, _ = await tell(forge, fresh, replicas, fatal=[point])
        if not story.deaths:
            break
        tried += 1
    say(f"{tried} of {len(points)} points, {replicas} replicas: lost 0, doubled 0")
    if IS_FULL:
        say(*(f"{number:5} {name}" for number, name in enumerate(points, 1)))
    assert tried >= (len(points) if replicas == 1 and IS_FULL else SAMPLE - 1)


@pytest.mark.timeout(LIMIT)
async def test_a_replica_may_die_at_any_point(forge: Forge, fresh: Fresh) -> None:
    await kill_at_points(forge, fresh, 1)


@pytest.mark.timeout(LIMIT)
async def test_one_of_two_replicas_may_die_at_any_point(
    forge: Forge, fresh_postgresql: Fresh
) -> None:
    await kill_at_points(forge, fresh_postgresql, 2)


@pytest.mark.timeout(LIMIT)
async def test_a_replica_may_die_after_slack_has_its_call(forge: Forge, fresh: Fresh) -> None:
    tried = 0
    for call in itertools.count(FIRST_POST) if IS_FULL else SOME_CALLS:
        story, _ = await tell(forge, fresh, fatal_call=call)
        if not story.deaths:
            break
        tried += 1
    say(f"{tried} calls: lost 0, doubled 0")
    assert tried >= len(SOME_CALLS)


@pytest.mark.timeout(LIMIT)
async def test_a_replica_and_its_successor_may_die(forge: Forge, fresh_sqlite: Fresh) -> None:
    _, points = await tell(forge, fresh_sqlite)
    dice = random.Random(5)  # noqa: S311 - which points, not a secret
    pairs = PAIRS if IS_FULL else 3
    for _ in range(pairs):
        fatal = [dice.randint(1, len(points)), dice.randint(1, len(points) // 3)]
        story, _ = await tell(forge, fresh_sqlite, fatal=fatal)
        assert story.deaths > 0
    say(f"{pairs} pairs of points: lost 0, doubled 0")


async def test_who_simply_tries_again_is_caught_doubling(forge: Forge, fresh_sqlite: Fresh) -> None:
    async with staged(forge, fresh_sqlite(), is_naive=True) as stage:
        story = Story(stage, replicas=1, fatal_call=3)
        await story.tell()

    assert story.deaths == 1
    assert max(Counter(stage.told(PLACE)).values()) == 2
