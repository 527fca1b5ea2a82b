"""Choose the language of an answer: its reader's, or that of the place if everybody reads it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.core.cards.reply import Reply
from bot.core.commands.request import Request
from bot.core.errors import StoreUnavailable
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.core.text import Language
from bot.slack.incoming.bodies import is_public

# Slack waits 3 s for an answer.
_PLACE_SECONDS = 0.5


class Readers(Protocol):
    """The languages of people, as tags; empty where a language cannot be read."""

    async def language(self, team_id: str, user_id: str) -> str:
        """Return a person's language; empty if Slack does not name it soon enough."""

    def known_language(self, team_id: str, user_id: str) -> str:
        """Return a person's language from memory; empty if it is unknown."""

    def prepare(self, team_id: str, user_id: str) -> None:
        """Start to ask for a person's language, which we will need, and do not wait."""


class RulesReader(Protocol):
    """The part of the PlaceRulesBook that knows a place's language."""

    async def rules_of(self, place: Place) -> PlaceRules:
        """Return the rules of a place. Raises StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Languages:
    """The choice of the language of each answer. `spoken` returns the language of a tag, or the
    installation's language for a tag without one."""

    readers: Readers
    rules: RulesReader
    spoken: Callable[[str], Language]

    @property
    def usual(self) -> Language:
        """The installation's language, for people whose language is unknown."""
        return self.spoken("")

    def prepare(self, team_id: str, user_id: str) -> None:
        """Start to ask for the language of a person whom we will answer, and do not wait."""
        self.readers.prepare(team_id, user_id)

    def remembered(self, team_id: str, user_id: str) -> Language:
        """Return a person's language from memory, where nobody can wait for Slack."""
        return self.spoken(self.readers.known_language(team_id, user_id))

    async def tag_of(self, team_id: str, user_id: str) -> str:
        """Return the tag of a person's language; empty where it cannot be read."""
        return await self.readers.language(team_id, user_id)

    async def of(self, team_id: str, user_id: str) -> Language:
        """Return a person's language."""
        return self.spoken(await self.readers.language(team_id, user_id))

    async def of_all(self, request: Request) -> Language:
        """Return the language of an answer that everybody in the request's place reads."""
        if request.is_direct or not request.channel_id:
            return await self.of(request.team_id, request.user_id)
        return await self.of_place(request.place)

    async def of_place(self, place: Place) -> Language:
        """Return a place's language; the installation's if the database does not answer soon."""
        try:
            async with asyncio.timeout(_PLACE_SECONDS):
                rules = await self.rules.rules_of(place)
        except (StoreUnavailable, TimeoutError):
            return self.usual
        return self.spoken(rules.language)

    async def of_answer(self, request: Request, reply: Reply | None) -> Language:
        """Return the language of those who read the answer to a request."""
        if is_public(reply):
            return await self.of_all(request)
        return await self.of(request.team_id, request.user_id)
