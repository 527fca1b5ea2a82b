"""Resolves the places of sentences, and pauses places where the bot cannot post."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from bot.core.bounded_dict import BoundedDict
from bot.core.commands.options.options import PICK_A_CHANNEL
from bot.core.commands.request import Request
from bot.core.errors import BadCommand, MessengerError
from bot.core.ports.slack import Conversations
from bot.core.ports.time import Monotonic
from bot.core.reasons import NOT_A_MEMBER
from bot.core.subscription import Place
from bot.core.text import say

# Slack's limit is about 50 such calls a minute: docs.slack.dev/apis/web-api/rate-limits, tier 3.
_MOST_ASKED = 40
# How long an answer of Slack about a membership is reused.
_VISIBILITY_SECONDS = 60.0
_MOST_REMEMBERED = 2_000


class Pauses(Protocol):
    """The methods of the Outbox that pause and resume a place."""

    async def pause_place(self, place: Place, *, reason: str, is_announced: bool = False) -> None:
        """Hold the deliveries of a place."""

    async def resume_place(self, place: Place) -> bool:
        """Release the deliveries of a place."""


class Places:
    """Resolves the word for a place, checks who may see the place, and pauses or resumes it."""

    def __init__(
        self, conversations: Conversations, pauses: Pauses, *, monotonic: Monotonic
    ) -> None:
        self._conversations = conversations
        self._pauses = pauses
        self._monotonic = monotonic
        #: Whether a person sees a place, and when we asked Slack.
        self._visibility = BoundedDict[tuple[Place, str], tuple[bool, float]](_MOST_REMEMBERED)

    async def resolve(self, where: str, request: Request) -> Place:
        """Return the place that `where` names: empty for the request's own, `dm`, or `#` and a
        channel id. Raises BadCommand, MessengerError."""
        if where.startswith("#"):
            place = Place(team_id=request.team_id, channel_id=where[1:])
            if place.channel_id != request.channel_id:
                await self._check_guest(place, request.user_id)
            return place
        if where == "dm" or request.is_direct or not request.channel_id:
            # A command may be typed in other people's direct message, which the bot is not in.
            direct = await self._conversations.direct(request.team_id, request.user_id)
            return Place(team_id=request.team_id, channel_id=direct)
        return request.place

    async def resolve_for_posts(self, where: str, request: Request, *, option: str = "in") -> Place:
        """Resolve a place that is to get messages; refuse an archived channel. The error names
        `option`, in which the place was typed. Raises BadCommand, MessengerError."""
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
        """Return those places whose subscriptions a person may see: the place of the request, and
        the channels that Slack shows to them, as of the last minute. A place for which Slack does
        not answer is left out."""
        here, user_id = request.channel_id, request.user_id
        seen = {
            one: self._known_visibility(one, user_id) for one in places if one.channel_id != here
        }
        asked = [one for one, is_open in seen.items() if is_open is None][:_MOST_ASKED]
        answers = await asyncio.gather(*(self._ask_visibility(one, user_id) for one in asked))
        seen |= zip(asked, answers, strict=True)
        return {one for one in places if one.channel_id == here or seen[one]}

    async def settle(self, place: Place) -> str:
        """Pause a place that the bot is not in, or resume one that it is in. Return the words that
        invite the bot, to be typed there; empty if it is in, or if Slack does not answer.

        If Slack does not answer, the first refused post pauses the place.
        """
        if place.is_direct:
            return ""
        try:
            can_post = await self._conversations.can_post(place)
        except MessengerError:
            return ""
        if can_post is False:
            await self._pauses.pause_place(place, reason=NOT_A_MEMBER, is_announced=True)
            return self._conversations.invitation
        if can_post:
            await self._pauses.resume_place(place)
        return ""

    def _known_visibility(self, place: Place, user_id: str) -> bool | None:
        """Return whether the person sees the place; None if Slack must be asked."""
        if place.is_direct:
            return False
        is_open, asked_at = self._visibility.get((place, user_id), (None, 0.0))
        return is_open if self._monotonic() - asked_at < _VISIBILITY_SECONDS else None

    async def _ask_visibility(self, place: Place, user_id: str) -> bool:
        asked_at = self._monotonic()
        try:
            is_open = await self._conversations.admits(place, user_id) is True
        except MessengerError:
            return False
        self._visibility[place, user_id] = (is_open, asked_at)
        return is_open

    async def _check_guest(self, place: Place, user_id: str) -> None:
        """Raise BadCommand if the person cannot see the channel: anybody can type the id of any
        channel."""
        if await self._conversations.admits(place, user_id) is False:
            raise BadCommand(
                say("That is not a channel that you and I can both see."),
                hint=PICK_A_CHANNEL,
                option="in",
            )
