"""The place rules and snoozes of a simulated day."""

import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.hold import HoldScope
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.store import SqlStore

#: The clocks of this zone change in the night of the simulated day.
ZONE = "Europe/Berlin"
_QUIET = ("22:00-08:00", "22:00-08:00 except failures", "02:30-11:00", "21:00-02:30 weekdays")
_DIGESTS = ("at 02:30", "at 09:00", "at 23:00")
_SNOOZES = 8

Happening = tuple[float, Callable[[], Coroutine[Any, Any, object]]]


@dataclass(slots=True)
class Snoozed:
    """One snooze: its scope, its begin and its end."""

    scope: HoldScope
    begin: datetime
    end: datetime


class HoldLife:
    """The holds of one day: place C1 has quiet hours, C2 has a digest, and any place is snoozed."""

    def __init__(self, dice: random.Random, jobs: Sequence[JobId]) -> None:
        self._dice = dice
        self._jobs = jobs
        places = [Place(team_id="T1", channel_id=id) for id in ("C1", "C2")]
        self.rules = (
            PlaceRules(
                place=places[0],
                quiet_hours=quiet_hours_of(dice.choice(_QUIET)),
                time_zone=ZONE,
                set_by="U1",
            ),
            PlaceRules(
                place=places[1],
                digest=digest_of(dice.choice(_DIGESTS)),
                time_zone=ZONE,
                set_by="U1",
            ),
        )
        self.snoozed: list[Snoozed] = []

    async def set_rules(self, store: SqlStore) -> None:
        """Set the rules of both places, before anything else happens."""
        for rules in self.rules:
            await store.place_rules.set_rules(rules)

    def events(
        self, store: SqlStore, clock: Callable[[], datetime], *, begin: float, end: float
    ) -> list[Happening]:
        """Return the snoozes of the day, and the wakes that end some of them before their time."""
        happenings: list[Happening] = []
        for _ in range(_SNOOZES):
            scope, at = self._scope(), self._dice.uniform(begin, end)
            length = timedelta(seconds=self._dice.uniform(60, 20_000))
            happenings.append((at, partial(self._snooze, store, clock, scope, length)))
            if self._dice.randrange(2):
                woken = at + self._dice.uniform(60, 20_000)
                happenings.append((woken, partial(self._wake, store, clock, scope)))
        return happenings

    async def _snooze(
        self, store: SqlStore, clock: Callable[[], datetime], scope: HoldScope, length: timedelta
    ) -> None:
        now = clock()
        await store.snoozes.snooze(scope, until=now + length, by="U1")
        self._end(scope, now)
        self.snoozed.append(Snoozed(scope, now, now + length))

    async def _wake(self, store: SqlStore, clock: Callable[[], datetime], scope: HoldScope) -> None:
        for ended in await store.snoozes.wake(scope):
            self._end(ended.scope, clock())

    def _end(self, scope: HoldScope, now: datetime) -> None:
        for one in self.snoozed:
            if one.scope == scope:
                one.end = min(one.end, now)

    def _scope(self) -> HoldScope:
        channel_id = self._dice.choice(("C1", "C2", "C3"))
        if self._dice.randrange(2):
            return HoldScope(team_id="T1", channel_id=channel_id)
        job_id = self._dice.choice(self._jobs)
        return HoldScope(team_id="T1", channel_id=channel_id, project_id="p1", job_id=job_id)
