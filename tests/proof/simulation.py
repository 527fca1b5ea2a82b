"""One simulated day of the real workers in virtual time, determined by one seed."""

import asyncio
import random
import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.catalog import Catalog
from bot.core.care import Keep, KeepVerdict
from bot.core.errors import StoreUnavailable
from bot.core.guard import GuardRules
from bot.core.job import JobId
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    Target,
)
from bot.courier.card_keeper import CardKeeper
from bot.courier.courier import Courier
from bot.courier.lease_timing import LeaseTiming
from bot.serve.ticker import Duty
from bot.watcher.guard_rounds import GuardRounds
from bot.watcher.pace import Pace
from bot.watcher.watcher import Watcher
from tests.databases import sqlite_migrated
from tests.proof.cloud_of_stories import CloudOfStories, Story, elapsed_at, tell_story
from tests.proof.hold_life import HoldLife
from tests.proof.slack_in_memory import SETTLE, TIMEOUT, SlackInMemory
from tests.proof.virtual_time import START, VirtualLoop, open_on_this_thread
from tests.store.world import P1

TEAM = "T1"
DAY = 86_400.0
#: Until this second nothing happens and nothing fails: the baselines are read.
QUIET = 400.0
#: For this many seconds after the day nothing fails, and jobs are still read; after that only the
#: deliveries go on.
CALM = 4000.0
#: The guard looks again at the latest so many seconds after a look.
GUARD_PAUSE = 61.0
# Seconds.
_TICK = 1.0
_LEASES = 6
_LOOKING = 300.0
TIMING = LeaseTiming(
    lease=timedelta(seconds=60),
    settle=timedelta(seconds=SETTLE),
    timeout=timedelta(seconds=TIMEOUT),
)

Work = Callable[[], Coroutine[Any, Any, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How bad a day is: the shares of the calls that fail, and the number of crashes and
    outages."""

    slack: float = 0.0
    cloud: float = 0.0
    #: The share of the statements, not of the transactions.
    database: float = 0.0
    crashes: int = 0
    outages: int = 0
    evictions: int = 0
    #: See SlackInMemory. Beyond SETTLE copies cannot be avoided, but only deleted.
    lateness: float = SETTLE - 1


class Replica:
    """The workers of one process, until it dies."""

    def __init__(self, day: "Day") -> None:
        loop, store, dice = day.loop, day.store, day.dice
        self.catalog = Catalog(day.cloud, clock=loop.clock)
        watcher = Watcher(
            self.catalog,
            store.watchlist,
            store.budget,
            pace=day.pace,
            guard=day.guard(),
            clock=loop.clock,
        )
        courier = Courier(
            store.outbox,
            day.slack,
            timing=TIMING,
            clock=loop.clock,
            monotonic=loop.time,
            jitter=dice.random,
        )
        card_keeper = CardKeeper(store.outbox, day.slack, timing=TIMING, monotonic=loop.time)
        works = {
            "watch": watcher.poll,
            "deliver": courier.deliver_due,
            "edit": card_keeper.edit_due,
            "rescan": card_keeper.rescan_due,
        }
        self.duties = {
            name: Duty(name, partial(work, P1), monotonic=loop.time) for name, work in works.items()
        }

    async def die(self) -> None:
        """Stop all duties at their present await, without any clean-up."""
        for duty in self.duties.values():
            await duty.stop()


class Day:
    """The cloud, Slack, database and replicas of one seed."""

    def __init__(
        self,
        loop: VirtualLoop,
        seed: int,
        weather: Weather,
        folder: Path,
        *,
        rules: GuardRules | None = None,
        has_holds: bool = False,
    ) -> None:
        """With `rules` the guard is on, and people keep some jobs for a while. With `has_holds` two
        places have rules, and people snooze places and jobs."""
        self.loop = loop
        self.rules = rules
        #: The leases on jobs: the job, the begin and the end.
        self.leases: list[tuple[JobId, datetime, datetime]] = []
        self.dice = random.Random(seed)  # noqa: S311 - weather, not a secret
        self.weather = weather
        self.interval = self.dice.choice((900, 1800, 3600))
        self.pace = Pace(interval=self.interval, calls_per_minute=60)
        self.stories = self._stories()
        self.cloud = CloudOfStories(
            stories=self.stories, dice=self.dice, rate=0.0, outages=self._spans(weather.outages)
        )
        self.slack = SlackInMemory(dice=self.dice, rate=0.0, lateness=weather.lateness)
        file = folder / f"{seed}.db"
        file.write_bytes(sqlite_migrated())
        self.store = open_on_this_thread(
            file,
            clock=loop.clock,
            interval=timedelta(seconds=self.interval),
            mishap=self._mishap,
        )
        self.peek = sqlite3.connect(file, isolation_level=None)
        self.wishes = self._wishes()
        self.mishaps = 0
        self.crashes = 0
        self.holds = HoldLife(self.dice, list(self.stories)) if has_holds else None
        if self.holds and not any(_is_of_digest(wish) for wish in self.wishes):
            self.wishes.append(self._wish(ProjectTarget(), "C2"))
        self._looks_at = 0.0
        self._guard_at = float("inf")
        self._database_rate = 0.0
        self._replicas: list[Replica | None] = []
        self._events: list[tuple[float, Work]] = []

    async def live(self) -> None:
        """Run the day, from the first subscription to the last rescan."""
        for wish in self.wishes:
            baseline = None
            if isinstance(wish.target, JobTarget) and self.dice.randrange(2):
                baseline = await self.cloud.get(wish.target.job_id)
            await self.store.subscriptions.subscribe(wish, baseline=baseline)
        if self.holds:
            await self.holds.set_rules(self.store)
        self._replicas = [Replica(self) for _ in range(self.dice.choice((1, 1, 2)))]
        await self._pass_until(QUIET)
        self._begin_storm()
        await self._pass_until(DAY)
        self._end_storm()
        await self._pass_until(DAY + CALM)
        if self.rules:
            self._watch_no_more()
        await self._pass_until(2 * DAY + 4 * CALM, but_for="watch")
        for replica in self._replicas:
            if replica:
                await replica.die()

    def _watch_no_more(self) -> None:
        """Make no job due for a read any more, so that no guard notice waits for one."""
        self.peek.execute("UPDATE watched_job SET next_at = NULL")

    def guard(self) -> GuardRounds | None:
        """Make the guard's rounds of a replica; None if the guard is off."""
        if self.rules is None:
            return None
        interval = timedelta(seconds=self.interval)
        return GuardRounds(self.store.care, self.rules, interval=interval, clock=self.loop.clock)

    async def close(self) -> None:
        """Close the database file."""
        self.peek.close()
        await self.store.close()

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query, read past the store."""
        return self.peek.execute(sql, parameters).fetchall()

    async def _pass_until(self, end: float, *, but_for: str = "") -> None:
        while self.loop.time() < end:
            now = self.loop.time()
            while self._events and self._events[0][0] <= now:
                _, happen = self._events.pop(0)
                await self._insist(happen)
            due = {name: at for name, at in self._due_at().items() if name != but_for}
            is_busy = False
            for replica in filter(None, self._replicas):
                for name, duty in replica.duties.items():
                    if name in due and due[name] <= now:
                        duty.tick()
                    is_busy = is_busy or duty.is_under_way
            # A duty under way may enqueue more work, so look again at the next tick.
            following = min([*due.values(), *(at for at, _ in self._events[:1])])
            pause = _TICK if is_busy else max(following - now, _TICK)
            await asyncio.sleep(min(pause, end - now))

    def _due_at(self) -> dict[str, float]:
        """Return when each duty next has something to do; no tick before that would find work."""
        texts = self.rows(_NEXT_DUE)[0]
        times = [_elapsed(text) for text in texts]
        due = dict(zip(("watch", "deliver", "edit", "rescan"), times, strict=True))
        if any(r and r.catalog.health(P1).failing_since for r in self._replicas):
            due["watch"] = min(due["watch"], self.loop.time() + 60)
        now = self.loop.time()
        if self.rules:
            # The guard pauses between two looks, so it looks at some reads only after that.
            if due["watch"] <= now:
                self._guard_at = now + GUARD_PAUSE
            elif self._guard_at <= now:
                due["watch"], self._guard_at = now, float("inf")
            due["watch"] = min(due["watch"], self._guard_at)
        if self.holds:
            # Only the store knows what a hold lets pass and when the next hold begins, so the
            # courier also asks the store now and then.
            if self._looks_at <= now:
                self._looks_at = now + _LOOKING
                due["deliver"] = now
            due["deliver"] = min(due["deliver"], self._looks_at)
        return due

    async def _insist(self, happen: Work) -> None:
        for _ in range(100):
            try:
                await happen()
            except StoreUnavailable:
                await asyncio.sleep(1)
            else:
                return

    def _begin_storm(self) -> None:
        weather = self.weather
        self.cloud.rate, self.slack.rate = weather.cloud, weather.slack
        self._database_rate = weather.database
        for _ in range(weather.crashes):
            self._events.append((self.dice.uniform(QUIET, DAY), self._crash))
        for begin, end in self._spans(weather.outages):
            self._events.append((begin, self._set_slack(is_out=True)))
            self._events.append((end, self._set_slack(is_out=False)))
        for begin, end in self._spans(weather.evictions):
            place = self.dice.choice([wish.place for wish in self.wishes])
            self._events.append((begin, self._evict(place)))
            self._events.append((end, self._invite(place)))
        for _ in range(_LEASES if self.rules else 0):
            self._events.append((self.dice.uniform(QUIET, DAY), self._keep))
        if self.holds:
            self._events += self.holds.events(self.store, self.loop.clock, begin=QUIET, end=DAY)
        self._events.sort(key=lambda event: event[0])

    def _end_storm(self) -> None:
        self.cloud.rate = self.slack.rate = self._database_rate = 0.0

    async def _crash(self) -> None:
        index = self.dice.randrange(len(self._replicas))
        replica, self._replicas[index] = self._replicas[index], None
        if replica:
            # Start every duty first, so that the crash is rather in the middle of one.
            for duty in replica.duties.values():
                duty.tick()
            await asyncio.sleep(self.dice.choice((0, 0.01, 0.2, 0.5, 1, 5)))
            for _ in range(self.dice.randrange(40)):
                await asyncio.sleep(0)
            await replica.die()
            self.crashes += 1
        back_at = self.loop.time() + self.dice.choice((1, 10, 100, 900))

        async def start() -> None:
            self._replicas[index] = Replica(self)

        self._events.append((back_at, start))
        self._events.sort(key=lambda event: event[0])

    def _set_slack(self, *, is_out: bool) -> Work:
        async def happen() -> None:
            self.slack.is_out = is_out

        return happen

    async def _keep(self) -> None:
        job_id, now = self.dice.choice(list(self.stories)), self.loop.clock()
        until = now + timedelta(seconds=self.dice.uniform(60, 20_000))
        for _ in range(100):
            try:
                lease = Keep(until=until, by="U1")
                verdict = await self.store.care.keep(P1, job_id, lease)
            except StoreUnavailable:
                await asyncio.sleep(1)
                continue
            if verdict is KeepVerdict.KEPT:
                self.leases.append((job_id, now, until))
            return

    def _evict(self, place: Place) -> Work:
        async def happen() -> None:
            self.slack.closed.add(place.channel_id)

        return happen

    def _invite(self, place: Place) -> Work:
        async def happen() -> None:
            self.slack.closed.discard(place.channel_id)
            await self.store.outbox.resume_place(place)

        return happen

    def _mishap(self, what: str) -> None:
        if self._database_rate and self.dice.random() < self._database_rate:
            self.mishaps += 1
            raise sqlite3.OperationalError(f"the disk is ill: {what}")

    def _stories(self) -> dict[JobId, Story]:
        ids = [JobId(number) for number in range(1, self.dice.randrange(2, 6))]
        end = DAY - self.interval
        return {id: tell_story(id, self.dice, begin=QUIET, end=end) for id in ids}

    def _spans(self, count: int) -> tuple[tuple[float, float], ...]:
        begins = [self.dice.uniform(QUIET, DAY - 9000) for _ in range(count)]
        return tuple((begin, begin + self.dice.uniform(60, 8000)) for begin in begins)

    def _wishes(self) -> list[Subscription]:
        there = [id for id, story in self.stories.items() if story.at(0).status >= 0]
        targets: list[Target] = [JobTarget(id) for id in there]
        targets.append(self.dice.choice((ProjectTarget(), PatternTarget("job-[12]"))))
        kept = [
            self._wish(target, channel_id)
            for target in targets
            for channel_id in ("C1", "C2", "C3")
            if self.dice.randrange(5) < 2
        ]
        return kept or [self._wish(targets[-1], "C1")]

    def _wish(self, target: Target, channel_id: str) -> Subscription:
        return Subscription(
            place=Place(team_id=TEAM, channel_id=channel_id),
            project_id="p1",
            target=target,
            event_filter=EventFilter(
                self.dice.choice(("all", "all", "all", "changes", "failures", "running,stopped"))
            ),
            delivery_mode=self.dice.choice((*DeliveryMode, DeliveryMode.THREAD)),
            created_by="U1",
            created_at=START,
        )


def _is_of_digest(wish: Subscription) -> bool:
    """Return whether the wish lets the place with a digest follow the project."""
    return wish.place.channel_id == "C2" and wish.target == ProjectTarget()


def _elapsed(text: str | None) -> float:
    if text is None:
        return float("inf")
    return elapsed_at(datetime.fromisoformat(text).replace(tzinfo=UTC))


_NEXT_DUE = """
SELECT
  (SELECT min(at) FROM (
    SELECT min(max(next_at, coalesce(lease_until, next_at))) AS at FROM (
      SELECT next_at, (SELECT max(lease_until) FROM watch_lease lease
        WHERE (lease.after_at, lease.after_job) < (watched_job.next_at, watched_job.job_id)
        AND (watched_job.next_at, watched_job.job_id) <= (lease.upto_at, lease.upto_job)
      ) AS lease_until FROM watched_job)
    UNION ALL SELECT min(max(next_at, coalesce(lease_until, next_at))) FROM project
    UNION ALL SELECT min(until) FROM subscription WHERE state <> 'ended')),
  (SELECT min(max(next_at, coalesce(lease_until, next_at), coalesce(
      (SELECT max(coalesce(until, '9999-01-01')) FROM hold WHERE reason <> 'retrying'
        AND hold.channel_id IN ('', delivery.channel_id)), next_at)))
    FROM delivery
    WHERE state = 'open' AND NOT (kind = 'change' AND delivery.telling = 'card')
    AND NOT EXISTS (SELECT 1 FROM delivery earlier WHERE earlier.state IN ('open', 'grouped')
      AND earlier.channel_id = delivery.channel_id AND earlier.job_id = delivery.job_id
      AND earlier.sequence < delivery.sequence)),
  (SELECT min(max(next_at, coalesce(lease_until, next_at), coalesce(
      (SELECT max(coalesce(until, '9999-01-01')) FROM hold WHERE reason NOT IN
        ('retrying', 'snoozed', 'quiet', 'quiet except failures', 'digest')
        AND hold.channel_id IN ('', card.channel_id)), next_at)))
    FROM card
    WHERE wanted > shown AND ts IS NOT NULL AND is_followed),
  (SELECT min(max(rescan_at, coalesce(lease_until, rescan_at))) FROM delivery
    WHERE state = 'sent')
"""
