"""Where news is told: from the word in a sentence to a place, and whether we can post there."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from bot.core.command import Request
from bot.core.errors import BadCommand, MessengerError
from bot.core.ports import Rooms
from bot.core.watch import Place
from bot.core.wish_words import is_direct

# Slack takes about fifty such questions a minute: docs.slack.dev/apis/web-api/rate-limits, tier 3.
_MOST_ASKED = 40

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

    def __init__(self, rooms: Rooms, pauses: Pauses) -> None:
        self._rooms = rooms
        self._pauses = pauses

    async def meant(self, where: str, request: Request) -> Place:
        """Where it was said, or `dm`, or a channel by its id. Raises BadCommand, MessengerError."""
        if where.startswith("#"):
            channel_id = where[1:]
            if channel_id != request.channel_id:
                await self._check_guest(channel_id, request.user_id)
            return Place(team_id=request.team_id, channel_id=channel_id)
        if where == "dm" or request.is_direct or not request.channel_id:
            # A command typed between two people: we are no part of that conversation.
            direct = await self._rooms.direct(request.user_id)
            return Place(team_id=request.team_id, channel_id=direct)
        return Place(team_id=request.team_id, channel_id=request.channel_id)

    async def open_to(self, request: Request, places: Collection[Place]) -> set[Place]:
        """Those of these channels whose subscriptions somebody may see: where it was said, and
        else what Slack shows to them. What cannot be found out is not shown."""
        asked = [one for one in places if one.channel_id != request.channel_id][:_MOST_ASKED]
        seen = await asyncio.gather(*(self._is_open(one, request.user_id) for one in asked))
        here = {one for one in places if one.channel_id == request.channel_id}
        return here | {one for one, is_open in zip(asked, seen, strict=True) if is_open}

    async def settle(self, place: Place) -> bool:
        """Hold the news of a place that we are not in, free those of one that we are in.

        Where Slack does not tell, the first refused post will.
        """
        if is_direct(place):
            return True
        try:
            can_post = await self._rooms.can_post(place.channel_id)
        except MessengerError:
            return True
        if can_post is False:
            await self._pauses.pause_place(place, reason=NOT_A_MEMBER, is_told=True)
        elif can_post:
            await self._pauses.resume_place(place)
        return can_post is not False

    async def _is_open(self, place: Place, user_id: str) -> bool:
        if is_direct(place):
            return False
        try:
            return await self._rooms.admits(place.channel_id, user_id) is True
        except MessengerError:
            return False

    async def _check_guest(self, channel_id: str, user_id: str) -> None:
        """Slack's list of channels shows only what one may see; an id can be typed by anybody."""
        if await self._rooms.admits(channel_id, user_id) is False:
            raise BadCommand(
                "That is no channel that you and I can both see.",
                hint="Pick the channel from the list that Slack shows after you type #, or say dm.",
            )
