"""The life of one job, posted to one place by replicas that are killed on the way."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.core.delivery_ids import delivery_id
from bot.core.subscription import Place
from bot.demo.workspace.cast import EXPERIMENTS
from tests.proof.replica import TEAM
from tests.proof.stage import Actor, Died, Forge, Stage, staged

PLACE = Place(team_id=TEAM, channel_id=EXPERIMENTS)
JOB = 205
#: Waiting, running, stopping; then the job is deleted.
STATUSES = (7, 8, 9)
STEPS = [(1, 7), (7, 8), (8, 9), (9, -1)]
ROUND = timedelta(seconds=2)
MOST_ROUNDS = 120

#: The URL of a new database with our tables.
Fresh = Callable[[], str]


class Story:
    """The life of one job, posted to one place by replicas of which the first one is killed."""

    def __init__(
        self, stage: Stage, *, replicas: int, fatal: Iterable[int] = (), fatal_call: int = 0
    ) -> None:
        """`fatal` has the points at which the first replica, its successor, and so on are killed;
        the first replica is also killed when Slack gets its call number `fatal_call`."""
        self.deaths = 0
        self.calls = 0
        #: Seconds from the first death until every delivery was sent and every lease had ended.
        self.recovery: float | None = None
        self._stage = stage
        self._replicas = replicas
        self._fatal = iter(fatal)
        self._fatal_call = fatal_call
        self._cast: list[Actor] = []
        self._died_at: datetime | None = None

    async def tell(self) -> list[str]:
        """Play the whole story, and return the points that the first replica passed."""
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
        """Check that the place shows each change once and in order, and one true card."""
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
        await self._measure()
        await self._stage.world.pass_time(ROUND)

    async def _measure(self) -> None:
        if self._died_at is None or self.recovery is not None:
            return
        if await self._is_told() and await self._stage.is_free():
            self.recovery = (self._stage.clock() - self._died_at).total_seconds()

    async def _act(self, number: int, what: str, **details: object) -> bool:
        try:
            await self._cast[number].do(what, now=self._stage.clock(), **details)
        except Died:
            self.deaths += 1
            self._died_at = self._died_at or self._stage.clock()
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


async def tell(
    forge: Forge,
    fresh: Fresh,
    replicas: int = 1,
    *,
    fatal: Iterable[int] = (),
    fatal_call: int = 0,
    spans: Mapping[str, float] | None = None,
) -> tuple[Story, list[str]]:
    """Play and check a story on a stage of its own; return the story, and the points that the first
    replica passed."""
    async with staged(forge, fresh(), **(spans or {})) as stage:
        story = Story(stage, replicas=replicas, fatal=fatal, fatal_call=fatal_call)
        try:
            points = await story.tell()
            await story.check()
        except AssertionError as error:
            raise AssertionError(f"killed at point {fatal} or call {fatal_call}") from error
        return story, points
