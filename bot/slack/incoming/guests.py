"""Distinguishes people of our workspace from guests of a shared channel."""

import asyncio
from enum import IntEnum

import structlog

from bot.core.errors import MessengerError
from bot.core.subscription import Place
from bot.core.text import Words, say
from bot.slack.contact import Channels, Home, Identity
from bot.slack.incoming.answering import RESTARTING
from bot.slack.incoming.origin import Origin, Recipients

_log = structlog.get_logger(__name__)

_STRANGER = say("I only answer people of the workspace that installed me.")
_STARTING = say("I'm still starting. Please ask again in a moment.")

# Slack gives up on an answer after 3 s.
_LOOK_SECONDS = 1.0
_REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 1_000


class Relation(IntEnum):
    """What a person is to us; of two, the greater one is farther from home."""

    OURS = 0
    #: Of another workspace of our enterprise.
    COLLEAGUE = 1
    STRANGER = 2


def relation_of(origin: Origin, *, team_id: str, enterprise_id: str, is_shared: bool) -> Relation:
    """What somebody is to the workspace `team_id` of `enterprise_id` (empty where it has none).

    `is_shared`: the channel, with another company. There one is a colleague only by an enterprise
    that is named for one's own workspace; elsewhere also by being named beside our enterprise.
    """

    def rank(own: str) -> Relation:
        if own == team_id:
            return Relation.OURS
        named = origin.enterprise_of.get(own, own)
        if enterprise_id and named == enterprise_id:
            return Relation.COLLEAGUE
        is_named = own in origin.enterprise_of or own.startswith("E")
        is_beside_us = not is_shared and enterprise_id in origin.enterprise_ids
        return Relation.COLLEAGUE if is_beside_us and not is_named else Relation.STRANGER

    return max((rank(own) for own in origin.team_ids), default=Relation.STRANGER)


class Guests:
    """Turns everybody away until Slack has told us which workspace is ours."""

    def __init__(self, home: Home, channels: Channels) -> None:
        self._home = home
        self._channels = channels
        #: This process ends: everybody is told to come again.
        self.is_closing = False
        #: What Slack said of channels, and when; oldest first.
        self._shared: dict[Place, tuple[bool, float]] = {}

    @property
    def home(self) -> Identity | None:
        """Who we are; None in the first moments of a process."""
        return self._home.identity

    @property
    def home_id(self) -> str:
        """The workspace that is ours; empty in the first moments of a process."""
        return self.home.team_id if self.home else ""

    async def learn_home(self, seconds: float) -> None:
        """Wait for Slack to tell, at most so long; afterwards this costs nothing."""
        if self.home is None:
            await self._home.until_identified(seconds)

    async def admitting(self, origin: Origin) -> str | None:
        """The workspace that a request is answered for: ours, also to a colleague of another
        workspace. None for strangers, and for all while we do not know ours or are closing."""
        home = self.home
        if home is None or self.is_closing:
            return None
        ids = {"team_id": home.team_id, "enterprise_id": home.enterprise_id}
        relation = relation_of(origin, **ids, is_shared=origin.is_shared is not False)
        if relation is Relation.STRANGER and origin.is_shared is None:
            relation = relation_of(origin, **ids, is_shared=False)
            place = Place(team_id=home.team_id, channel_id=origin.channel_id)
            if relation is not Relation.STRANGER and await self._is_shared(place):
                return None
        return None if relation is Relation.STRANGER else home.team_id

    async def is_shared(self, origin: Origin) -> bool:
        """True if people of another company may be in the channel."""
        home = self.home
        if origin.is_shared is not None or home is None:
            return origin.is_shared is not False
        return await self._is_shared(Place(team_id=home.team_id, channel_id=origin.channel_id))

    def receiving(self, recipients: Recipients) -> str | None:
        """The workspace that an event is for: ours, or None if it is sent to others alone."""
        home = self.home
        if home is None:
            return None
        is_ours = home.team_id in recipients.team_ids or home.enterprise_id in (
            recipients.team_ids | recipients.enterprise_ids
        )
        return home.team_id if is_ours else None

    @property
    def farewell(self) -> Words:
        """The answer to whoever is not admitted."""
        if self.is_closing:
            return RESTARTING
        return _STRANGER if self.home else _STARTING

    async def _is_shared(self, place: Place) -> bool:
        """True also where Slack does not say: then nobody of another workspace is let in."""
        now = asyncio.get_running_loop().time()
        is_shared, asked_at = self._shared.get(place, (True, -_REMEMBERED_SECONDS))
        if now - asked_at < _REMEMBERED_SECONDS:
            return is_shared
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                is_shared = await self._channels.is_shared(place)
        except (MessengerError, TimeoutError) as error:
            _log.warning("channel_not_seen", channel=place.channel_id, error=type(error).__name__)
            return True
        self._shared.pop(place, None)
        self._shared[place] = is_shared, now
        if len(self._shared) > _MOST_REMEMBERED:
            del self._shared[next(iter(self._shared))]
        return is_shared
