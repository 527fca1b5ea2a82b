"""Where news is told: from the word in a sentence to a place, and whether we can post there."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from bot.core.cards.subscription_words import is_direct
from bot.core.commands.request import Request
from bot.core.errors import BadCommand, MessengerError
from bot.core.ports.slack import Conversations
from bot.core.ports.time import Monotonic
from bot.core.subscription import Place

# Slack takes about fifty such questions a minute: docs.slack.dev/apis/web-api/rate-limits, tier 3.
_MOST_ASKED = 40
# For so long a list shows what it showed before, also to who was let in or put out meanwhile.
_SIGHT_SECONDS = 60.0
_MOST_SIGHTS = 2_000

#: Why a place is paused in which we are not; an invitation frees it.
NOT_A_MEMBER = "not in the channel"


class Pauses(Protocol):
    """What is needed of the Outbox."""

    async def pause_place(self, place: Place, *, reason: str, is_told: bool = False) -> None:
        """Hold what waits for a place."""

    async def resume_place(self, place: Place) -> bool:
        """Send it after all."""


class Places:
    """Knows the places that a sentence can mean."""

    def __init__(
        self, conversations: Conversations, pauses: Pauses, *, monotonic: Monotonic
    ) -> None:
        self._conversations = conversations
        self._pauses = pauses
        self._monotonic = monotonic
        #: What Slack said of who sees which place, and when it was asked; oldest first.
        self._sights: dict[tuple[Place, str], tuple[bool, float]] = {}

    async def meant(self, where: str, request: Request) -> Place:
        """Where it was said, or `dm`, or a channel by its id. Raises BadCommand, MessengerError."""
        if where.startswith("#"):
            channel_id = where[1:]
            if channel_id != request.channel_id:
                await self._check_guest(channel_id, request.user_id)
            return Place(team_id=request.team_id, channel_id=channel_id)
        if where == "dm" or request.is_direct or not request.channel_id:
            # A command typed between two people: we are no part of that conversation.
            direct = await self._conversations.direct(request.user_id)
            return Place(team_id=request.team_id, channel_id=direct)
        return Place(team_id=request.team_id, channel_id=request.channel_id)

    async def open_to(self, request: Request, places: Collection[Place]) -> set[Place]:
        """Those of these channels whose subscriptions somebody may see: where it was said, and
        else what Slack shows to them, or did within the last minute. What cannot be found out is
        not shown."""
        here, user_id = request.channel_id, request.user_id
        seen = {one: self._last_seen(one, user_id) for one in places if one.channel_id != here}
        asked = [one for one, is_open in seen.items() if is_open is None][:_MOST_ASKED]
        answers = await asyncio.gather(*(self._look(one, user_id) for one in asked))
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
            can_post = await self._conversations.can_post(place.channel_id)
        except MessengerError:
            return ""
        if can_post is False:
            await self._pauses.pause_place(place, reason=NOT_A_MEMBER, is_told=True)
            return self._conversations.invitation
        if can_post:
            await self._pauses.resume_place(place)
        return ""

    def _last_seen(self, place: Place, user_id: str) -> bool | None:
        """None if it is not known any more."""
        if is_direct(place):
            return False
        is_open, asked_at = self._sights.get((place, user_id), (None, 0.0))
        return is_open if self._monotonic() - asked_at < _SIGHT_SECONDS else None

    async def _look(self, place: Place, user_id: str) -> bool:
        asked_at = self._monotonic()
        try:
            is_open = await self._conversations.admits(place.channel_id, user_id) is True
        except MessengerError:
            return False
        self._sights.pop((place, user_id), None)
        self._sights[place, user_id] = (is_open, asked_at)
        if len(self._sights) > _MOST_SIGHTS:
            del self._sights[next(iter(self._sights))]
        return is_open

    async def _check_guest(self, channel_id: str, user_id: str) -> None:
        """Slack's list of channels shows only what one may see; an id can be typed by anybody."""
        if await self._conversations.admits(channel_id, user_id) is False:
            raise BadCommand(
                "That is no channel that you and I can both see.",
                hint="Pick the channel from the list that Slack shows after you type #, or say dm.",
                option="in",
            )
