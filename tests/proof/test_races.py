"""Replicas on one PostgreSQL that are killed and stopped all the time, while Slack fails.

Real processes in real time. A stop lasts longer than a lease, so a replica may continue after its
lease, between its last look at the clock and its post; the next rescan deletes such a copy.
`VISJOB_PROOF=full` sends 30,000 deliveries, `VISJOB_PROOF_JOBS=2` a tenth of them.
"""

import asyncio
import itertools
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.core.change import StatusChange
from bot.core.delivery_ids import delivery_id
from bot.core.job import JobId
from bot.demo.workspace.faults import Fault
from bot.store import migrate
from tests.proof.extent import IS_FULL, Results, size
from tests.proof.stage import Actor, Died, Forge, Stage, staged
from tests.proof.storm import Storm

LEASE = 2.4
SPANS = {
    "lease": LEASE,
    "settle": 0.6,
    "timeout": 0.6,
    "patience": 0.6,
    # A replica that is stopped within a transaction must not block the others for minutes.
    "store_patience": 1,
    "interval": 0.3,
}
STALE = 0.3
LAND_EVERY = 0.2
#: The share of stops among the disturbances; the others are kills.
STOPS = 0.1
#: The most calls to Slack between two disturbances. Calls are counted, and not seconds, so that a
#: slow machine gets as many disturbances.
CALLS_BETWEEN = 6
#: The least number of disturbances of a race.
LEAST = 3
A_WHILE = timedelta(seconds=2)
STATUSES = (7, 8, 15)
FIRST_STATUS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of a race."""

    jobs: int
    places: int
    changes: int
    replicas: int
    #: The longest time with disturbances after the last change, in seconds.
    longest: float

    @property
    def deliveries(self) -> int:
        """The number of deliveries of changes, in all places together."""
        return self.jobs * self.places * self.changes


SIZE = Size(
    jobs=size("JOBS", short=1, full=20),
    places=50 if IS_FULL else 16,
    changes=30 if IS_FULL else 2,
    replicas=4 if IS_FULL else 3,
    longest=7200 if IS_FULL else 30,
)
CONTROL = Size(jobs=1, places=20, changes=1, replicas=2, longest=60)


class Race:
    """A race of replicas, from the subscriptions until every change is posted."""

    def __init__(self, stage: Stage, size: Size) -> None:
        self.kills = 0
        self.stops = 0
        #: How often each job changed.
        self.pushed: dict[JobId, int] = {}
        self.storm = Storm(6)
        self.places = [stage.add_place(number) for number in range(size.places)]
        self._stage = stage
        self._size = size
        self._dice = random.Random(6)  # noqa: S311 - weather, not a secret
        self._cast: list[Actor] = []
        self._is_over = False
        self._calls = 0
        self._last: Actor
        self._works: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Subscribe, disturb the replicas while jobs change, and then finish without faults."""
        await self._subscribe()
        self._stage.slack.faults.choose_with(self._choose)
        for _ in range(self._size.replicas):
            self._cast.append(await self._enter())
        async with asyncio.TaskGroup() as nuisances:
            nuisances.create_task(self._disturb())
            nuisances.create_task(self._land())
            await self._push_all()
            await self._until_told(time.monotonic() + self._size.longest)
            # The tasks are not cancelled, because a replica that is just starting would stay.
            self._is_over = True
        for actor in self._cast:
            actor.send(signal.SIGKILL)
        await asyncio.gather(*self._works, return_exceptions=True)
        self._look_for_failures()
        await self._rest()

    async def rescan(self) -> None:
        """Let the time pass until all three rescans are over."""
        for pause in (timedelta(minutes=3), timedelta(minutes=15), timedelta(hours=25)):
            await self._stage.world.pass_time(pause)
            while not await self._stage.is_rescanned():
                await self._last.do("round", now=self._stage.clock())

    def copies(self) -> int:
        """Return how many extra copies of changes are shown."""
        told = Counter(one for place in self.places for one in self._stage.told(place))
        return sum(count - 1 for count in told.values())

    async def _subscribe(self) -> None:
        actor = await self._stage.enter()
        for number in range(1, self._size.jobs + 1):
            self._stage.add_job(number, FIRST_STATUS)
            for place in self.places:
                now = self._stage.clock()
                await actor.do("subscribe", now=now, job=number, channel=place.channel_id)
        actor.leave()

    async def _enter(self) -> Actor:
        actor = await self._stage.enter()
        self._works.append(asyncio.create_task(actor.do("work", now=self._stage.clock())))
        return actor

    async def _disturb(self) -> None:
        while not self._is_over:
            await self._until_called(self._dice.randint(1, CALLS_BETWEEN))
            number = self._dice.randrange(len(self._cast))
            if self._dice.random() < STOPS:
                self.stops += 1
                self._cast[number].send(signal.SIGSTOP)
                await asyncio.sleep(LEASE * self._dice.uniform(1.1, 2.0))
                self._cast[number].send(signal.SIGCONT)
            else:
                self.kills += 1
                self._cast[number].send(signal.SIGKILL)
                self._cast[number] = await self._enter()

    async def _until_called(self, times: int) -> None:
        end = self._calls + times
        while self._calls < end and not self._is_over:
            await asyncio.sleep(0.01)

    async def _land(self) -> None:
        while not self._is_over:
            await asyncio.sleep(LAND_EVERY)
            self._stage.slack.faults.land()

    def _choose(self, method: str, channel: object) -> Fault | None:
        self._calls += method != "auth.test"
        # A replica asks for its identity (auth.test) before the race, so that call never fails.
        fault = None if method == "auth.test" else self.storm.choose(method, channel)
        if fault is None:
            return None
        seconds = STALE if fault.kind == "stale_history" else fault.seconds
        return replace(fault, retry_after=1, seconds=seconds)

    async def _push_all(self) -> None:
        """Change each job again as soon as its last status was recorded."""
        statuses = {
            job: itertools.cycle(STATUSES) for job in map(JobId, range(1, self._size.jobs + 1))
        }
        pushed = self.pushed = dict.fromkeys(statuses, 0)
        while (wanted := self._wanted()) > min(pushed.values()):
            self._look_for_failures()
            seen = Counter(change.job.id for change in await self._stage.history())
            for job in pushed:
                if seen[job] == pushed[job] < wanted:
                    self._stage.cloud.push(job, next(statuses[job]))
                    pushed[job] += 1
            await asyncio.sleep(0.1)

    def _wanted(self) -> int:
        """Return how many changes each job gets; more on a fast machine, until there were enough
        disturbances."""
        if self.kills + self.stops >= LEAST:
            return self._size.changes
        return min(max(self.pushed.values()) + 1, 10 * self._size.changes)

    async def _rest(self) -> None:
        """Let a single new replica finish all deliveries, without faults and without waits."""
        self._stage.slack.faults.clear()
        self._stage.slack.faults.land()
        self._last = await self._stage.enter()
        while not await self._stage.is_quiet() or not await self._stage.is_shown():
            await self._last.do("round", now=self._stage.clock())
            await self._stage.world.pass_time(A_WHILE)

    def _look_for_failures(self) -> None:
        """Fail if a replica ended by anything but a kill."""
        for work in self._works:
            if work.done() and not isinstance(error := work.exception(), Died):
                raise AssertionError("a replica failed") from error

    async def _until_told(self, end: float) -> None:
        wanted = sum(self.pushed.values())
        while time.monotonic() < end:
            self._look_for_failures()
            history = await self._stage.history()
            if len(history) == wanted and await self._stage.is_quiet():
                return
            await asyncio.sleep(0.2)


def check(stage: Stage, race: Race, history: tuple[StatusChange, ...]) -> None:
    """Check that each place shows each change once and in order, and one card for each job."""
    for place in race.places:
        shown = stage.told(place)
        expected = {delivery_id(place, change): change for change in history}
        assert Counter(shown) == Counter([*expected])
        for job, told in itertools.groupby(
            sorted((expected[one] for one in shown), key=lambda change: change.job.id),
            key=lambda change: change.job.id,
        ):
            sequences = [change.sequence for change in told]
            assert sequences == sorted(sequences), (place, job)
        assert len(stage.cards(place)) == len({change.job.id for change in history})


@pytest.mark.timeout(8 * 3600 if IS_FULL else 240)
@pytest.mark.parametrize("way", ["postgresql_url", "pooled_url"])
async def test_nothing_is_lost_or_doubled_though_replicas_are_killed_and_stopped(
    forge: Forge,
    way: str,
    postgresql_url: str,
    request: pytest.FixtureRequest,
    results: Results,
) -> None:
    used: str = request.getfixturevalue(way)
    await migrate(postgresql_url)
    began = time.monotonic()
    async with staged(forge, postgresql_url, **SPANS) as stage:
        stage.orders = replace(stage.orders, database=used)
        race = Race(stage, SIZE)
        await race.run()
        copies = race.copies()
        await race.rescan()
        history = await stage.history()
        made = Counter(entry.method for entry in stage.slack.journal)
        deleted = made["chat.delete"]

    results.add(
        f"race of {SIZE.replicas} replicas, {way.partition('_')[0]}",
        f"{len(history) * SIZE.places} deliveries in {time.monotonic() - began:.0f} s",
        faults=f"{race.kills} kills, {race.stops} stops, {race.storm.faults} of Slack",
        doubled=f"{copies} before the rescans ({deleted} deleted), 0 after",
    )
    assert len(history) == sum(race.pushed.values())
    check(stage, race, history)
    assert race.kills + race.stops >= LEAST
    # Compared with posts and not deliveries, because one message may report many changes.
    assert race.storm.faults > made["chat.postMessage"] / 10


@pytest.mark.timeout(240)
async def test_who_simply_tries_again_doubles_in_the_same_race(
    forge: Forge, postgresql_url: str, results: Results
) -> None:
    await migrate(postgresql_url)
    async with staged(forge, postgresql_url, is_naive=True, **SPANS) as stage:
        race = Race(stage, CONTROL)
        await race.run()

    results.add(
        "control: simply tried again in the race",
        f"{CONTROL.deliveries} deliveries",
        faults=f"{race.kills} kills, {race.storm.faults} of Slack",
        doubled=race.copies(),
    )
    assert race.copies() > 0
