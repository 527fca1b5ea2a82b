"""In which language an answer is: its reader's own, or that of the place where all read it."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from bot.core.cards.reply import Audience, Reply
from bot.core.commands.request import Request
from bot.core.errors import StoreUnavailable
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place
from bot.core.text import Language

# Slack waits 3 s for an answer.
_PLACE_SECONDS = 0.5


class Readers(Protocol):
    """What is known of people's languages: tags, empty where it cannot be read."""

    async def language(self, team_id: str, user_id: str) -> str:
        """That of a person, if Slack tells it soon enough."""

    def known_language(self, team_id: str, user_id: str) -> str:
        """That of a person, from memory."""

    def prepare(self, team_id: str, user_id: str) -> None:
        """It will be needed: begin to ask for it, and do not wait."""


class Rules(Protocol):
    """The part of the PlaceRulesBook that tells a place's language."""

    async def rules_of(self, place: Place) -> PlaceRules:
        """The rules of a place. Raises StoreUnavailable."""


class Languages:
    """Chooses the language of each answer. `spoken` finds that of a tag; where there is none,
    that of the installation."""

    def __init__(self, readers: Readers, rules: Rules, spoken: Callable[[str], Language]) -> None:
        self._readers = readers
        self._rules = rules
        self._spoken = spoken

    @property
    def usual(self) -> Language:
        """That of the installation, for whoever is not known."""
        return self._spoken("")

    def prepare(self, team_id: str, user_id: str) -> None:
        """This person will be answered: begin to find out, and do not wait."""
        self._readers.prepare(team_id, user_id)

    def remembered(self, team_id: str, user_id: str) -> Language:
        """A person's, where nobody can wait for it."""
        return self._spoken(self._readers.known_language(team_id, user_id))

    async def tag_of(self, team_id: str, user_id: str) -> str:
        """The tag of a person's; empty where it cannot be read."""
        return await self._readers.language(team_id, user_id)

    async def of(self, team_id: str, user_id: str) -> Language:
        """A person's."""
        return self._spoken(await self._readers.language(team_id, user_id))

    async def of_all(self, request: Request) -> Language:
        """That of the place of a request, where everybody reads the answer."""
        if request.is_direct or not request.channel_id:
            return await self.of(request.team_id, request.user_id)
        return await self.of_place(Place(team_id=request.team_id, channel_id=request.channel_id))

    async def of_place(self, place: Place) -> Language:
        """That of a place."""
        try:
            async with asyncio.timeout(_PLACE_SECONDS):
                rules = await self._rules.rules_of(place)
        except (StoreUnavailable, TimeoutError):
            return self.usual
        return self._spoken(rules.language)

    async def of_answer(self, request: Request, reply: Reply | None) -> Language:
        """That of those who read the answer to a request."""
        if reply is not None and reply.audience is Audience.CHANNEL:
            return await self.of_all(request)
        return await self.of(request.team_id, request.user_id)
