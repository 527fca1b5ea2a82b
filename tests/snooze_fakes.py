"""In-memory fakes of the ports of snoozes and of the rules of places."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.subscription import Place
from tests.make import NOW


@dataclass(slots=True)
class FakeSnoozes:
    """A Snoozes in a list; no hold ends by itself."""

    holds: list[Hold] = field(default_factory=list)

    async def snooze(
        self, scope: HoldScope, *, until: datetime, by: str, request_key: str = ""
    ) -> None:
        del request_key
        snooze = Hold(scope=scope, reason=HoldReason.SNOOZED, words=by, since=NOW, until=until)
        self.holds.append(snooze)

    async def wake(self, scope: HoldScope, *, request_key: str = "") -> Sequence[Hold]:
        del request_key
        ended = [
            one
            for one in self.holds
            if one.reason is HoldReason.SNOOZED
            and one.scope.channel_id == scope.channel_id
            and scope.job_id in (0, one.scope.job_id)
        ]
        self.holds = [one for one in self.holds if one not in ended]
        return ended

    async def holds_of(self, team_id: str, *, place: Place | None = None) -> Sequence[Hold]:
        del team_id
        return [one for one in self.holds if not place or one.scope.channel_id == place.channel_id]


@dataclass(slots=True)
class FakeRules:
    """A PlaceRulesBook in a dictionary."""

    rules: dict[Place, PlaceRules] = field(default_factory=dict)
    declined: list[Place] = field(default_factory=list)

    async def rules_of(self, place: Place) -> PlaceRules:
        return self.rules.get(place, PlaceRules(place=place))

    async def all_rules(self, team_id: str) -> Sequence[PlaceRules]:
        del team_id
        return list(self.rules.values())

    async def set_rules(self, rules: PlaceRules, *, request_key: str = "") -> None:
        del request_key
        self.rules[rules.place] = rules

    async def adopt_language(self, place: Place, language: str) -> None:
        rules = await self.rules_of(place)
        await self.set_rules(replace(rules, language=rules.language or language))

    async def decline_digest(self, place: Place) -> None:
        self.declined.append(place)

    async def note_click(self, place: Place) -> None:
        del place

    async def greet(self, place: Place) -> bool:
        del place
        return False

    async def forget_greeting(self, place: Place) -> None:
        del place

    async def order_greeting(
        self, project: Project, place: Place, *, is_shared: bool, language: str
    ) -> None:
        del project, place, is_shared, language
