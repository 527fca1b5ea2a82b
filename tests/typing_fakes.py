"""Fakes of people, with time zones and languages, and of the jobs of messages."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.core.delivery import MessageRef
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.subscription import Place
from bot.core.text import ENGLISH
from bot.responder.zones import Zones
from bot.slack.incoming.languages import Languages


@dataclass(slots=True)
class FakePeople:
    """A People with zones and languages by user id."""

    zones: dict[str, ZoneInfo] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    asked: int = 0

    async def zone(self, _: str, user_id: str) -> ZoneInfo | None:
        self.asked += 1
        return self.zones.get(user_id)

    async def language(self, team_id: str, user_id: str) -> str:
        return self.known_language(team_id, user_id)

    async def is_stranger(self, _: str, user_id: str) -> bool:
        return user_id in self.strangers

    def known_language(self, _: str, user_id: str) -> str:
        return self.languages.get(user_id, "")

    def prepare(self, team_id: str, user_id: str) -> None:
        pass


class NoRules:
    """A PlaceRulesBook without any rules."""

    async def rules_of(self, place: Place) -> PlaceRules:
        return PlaceRules(place=place)


@dataclass(slots=True)
class FakeMessages:
    """The jobs of messages, by ts: as followed cards, or as read from Slack."""

    jobs: dict[str, JobId] = field(default_factory=dict)
    asked: int = 0

    async def job_of_card(self, _: Project, card: MessageRef) -> JobId | None:
        self.asked += 1
        return self.jobs.get(card.ts)

    async def job_of(self, project: Project, message: MessageRef) -> JobId | None:
        return await self.job_of_card(project, message)


def some_zones(people: FakePeople | None = None) -> Zones:
    """Return Zones in which everybody is in UTC, except people with a zone of their own."""
    return Zones(people or FakePeople(), usual=ZoneInfo("UTC"))


def in_english() -> Languages:
    """Return Languages in which everybody and every place reads English."""
    return Languages(FakePeople(), NoRules(), lambda _: ENGLISH)
