"""Resolves the places of sentences, and knows whether the bot can post there."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from bot.core.cards.subscription_words import is_direct
from bot.core.commands.options import PICK_A_CHANNEL
from bot.core.commands.request import Request
from bot.core.errors import BadCommand, MessengerError
from bot.core.ports.slack import Conversations
from bot.core.ports.time import Monotonic
from bot.core.reasons import NOT_A_MEMBER
from bot.core.subscription import Place
from bot.core.text import say

# Slack takes about fifty such questions a minute: docs.slack.dev/apis/web-api/rate-limits, tier 3.
_MOST_ASKED = 40
# A membership that changes meanwhile is noticed when this time is over.
_VISIBILITY_SECONDS = 60.0
_MOST_REMEMBERED = 2_000


class Pauses(Protocol):
    """The part of the Outbox that this room needs."""

    async def pause_place(self, place: Place, *, reason: str, is_told: bool = False) -> None:
        """Hold the deliveries of a place."""

    async def resume_place(self, place: Place) -> bool:
        """Release them."""


class Places:
    """Resolves the word for a place, checks who may see it, and pauses or resumes it."""

    def __init__(
        self, conversations: Conversations, pauses: Pauses, *, monotonic: Monotonic
    ) -> None:
        self._conversations = conversations
        self._pauses = pauses
        self._monotonic = monotonic
        #: Whether a person sees a place, and when we asked Slack; oldest first.
        self._visibility: dict[tuple[Place, str], tuple[bool, float]] = {}

    async def resolve(self, where: str, request: Request) -> Place:
        """The place that `where` names: empty for the request's own, `dm`, or `#` and a channel
        id. Raises BadCommand, MessengerError."""
        if where.startswith("#"):
            place = Place(team_id=request.team_id, channel_id=where[1:])
            if place.channel_id != request.channel_id:
                await self._check_guest(place, request.user_id)
            return place
        if where == "dm" or request.is_direct or not request.channel_id:
            # A command may be typed between two people: the bot is not in that conversation.
            direct = await self._conversations.direct(request.team_id, request.user_id)
            return Place(team_id=request.team_id, channel_id=direct)
        return Place(team_id=request.team_id, channel_id=request.channel_id)

    async def resolve_for_posts(self, where: str, request: Request, *, option: str = "in") -> Place:
        """The same for a place that is to get messages. `option` is where it was named."""
        place = await self.resolve(where, request)
        is_elsewhere = where.startswith("#") and place.channel_id != request.channel_id
        if is_elsewhere and await self._conversations.is_archived(place):
            raise BadCommand(
                say("That channel is archived: nobody can post there."),
                hint=say("Choose another channel, or unarchive it first."),
                option=option,
            )
        return place

    async def open_to(self, request: Request, places: Collection[Place]) -> set[Place]:
        """Those of the places whose subscriptions a person may see: the place of the request, and
        the channels that Slack shows to them, as of the last minute. A place that Slack does not
        answer for is left out."""
        here, user_id = request.channel_id, request.user_id
        seen = {
            one: self._known_visibility(one, user_id) for one in places if one.channel_id != here
        }
        asked = [one for one, is_open in seen.items() if is_open is None][:_MOST_ASKED]
        answers = await asyncio.gather(*(self._ask_visibility(one, user_id) for one in asked))
        seen |= zip(asked, answers, strict=True)
        return {one for one in places if one.channel_id == here or seen[one]}

    async def settle(self, place: Place) -> str:
        """Pause a place that we are not in, resume one that we are in. What a person must type
        there to let us in; empty if we are in.

        Where Slack does not answer, the first refused post pauses the place.
        """
        if is_direct(place):
            return ""
        try:
            can_post = await self._conversations.can_post(place)
        except MessengerError:
            return ""
        if can_post is False:
            await self._pauses.pause_place(place, reason=NOT_A_MEMBER, is_told=True)
            return self._conversations.invitation
        if can_post:
            await self._pauses.resume_place(place)
        return ""

    def _known_visibility(self, place: Place, user_id: str) -> bool | None:
        """None if Slack must be asked."""
        if is_direct(place):
            return False
        is_open, asked_at = self._visibility.get((place, user_id), (None, 0.0))
        return is_open if self._monotonic() - asked_at < _VISIBILITY_SECONDS else None

    async def _ask_visibility(self, place: Place, user_id: str) -> bool:
        asked_at = self._monotonic()
        try:
            is_open = await self._conversations.admits(place, user_id) is True
        except MessengerError:
            return False
        self._visibility.pop((place, user_id), None)
        self._visibility[place, user_id] = (is_open, asked_at)
        if len(self._visibility) > _MOST_REMEMBERED:
            del self._visibility[next(iter(self._visibility))]
        return is_open

    async def _check_guest(self, place: Place, user_id: str) -> None:
        """Slack's list offers only the channels that a person sees; but anybody can type an id."""
        if await self._conversations.admits(place, user_id) is False:
            raise BadCommand(
                say("That is not a channel that you and I can both see."),
                hint=PICK_A_CHANNEL,
                option="in",
            )
