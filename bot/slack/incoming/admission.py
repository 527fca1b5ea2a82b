"""Decide whom we answer: people of our workspace and enterprise, but not of other companies."""

import asyncio
from enum import IntEnum

import structlog
from slack_bolt.response import BoltResponse

from bot.core.bounded_dict import BoundedDict
from bot.core.errors import MessengerError
from bot.core.subscription import Place
from bot.core.text import Words, say
from bot.slack.contact import Channels, Identity, Installation
from bot.slack.incoming.answering import RESTARTING
from bot.slack.incoming.origin import Origin, Recipients

_log = structlog.get_logger(__name__)

_STRANGER = say("I only answer people of the workspace that installed me.")
_STARTING = say("I'm still starting. Please ask again in a moment.")
_REFUSED = say(
    "Slack refuses my token, so I can't answer. Please tell whoever runs me: `visjob doctor` says "
    "what to do."
)

#: So long we work on an answer that Slack waits for; it gives up after 3 s.
#: docs.slack.dev/interactivity/implementing-slash-commands
ANSWER_SECONDS = 2.0
#: After this answer Slack sends an event again.
LATER = BoltResponse(status=503, body="")

_LOOK_SECONDS = 1.0
_REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 1_000


class Relation(IntEnum):
    """How a person relates to us; of two relations, the greater one is more distant."""

    OURS = 0
    #: Of another workspace of our enterprise.
    COLLEAGUE = 1
    STRANGER = 2


def relation_of(origin: Origin, *, team_id: str, enterprise_id: str, is_shared: bool) -> Relation:
    """Return the relation of a person to the workspace `team_id` of `enterprise_id` (may be empty).

    `is_shared`: another company shares the channel. There, a person is a colleague only if the
    payload names our enterprise as that of the person's workspace. Elsewhere it is enough that the
    payload names our enterprise at all, and no other enterprise for the person's workspace.
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


class Admission:
    """The admission of people; nobody is admitted until Slack has said which workspace is ours."""

    def __init__(self, installation: Installation, channels: Channels) -> None:
        self._installation = installation
        self._channels = channels
        #: True while this process shuts down: everybody is asked to try again.
        self.is_closing = False
        #: Whether each channel is shared, and when Slack said so.
        self._shared = BoundedDict[Place, tuple[bool, float]](_MOST_REMEMBERED)

    @property
    def identity(self) -> Identity | None:
        """Our identity; None until Slack has said who we are."""
        return self._installation.identity

    @property
    def team_id(self) -> str:
        """The id of our workspace; empty until Slack has said who we are."""
        return self.identity.team_id if self.identity else ""

    async def learn_identity(self, seconds: float = ANSWER_SECONDS) -> None:
        """Wait until Slack has said who we are, for so many seconds at most."""
        if self.identity is None:
            await self._installation.until_identified(seconds)

    async def admitting(self, origin: Origin) -> str | None:
        """Return the workspace that a request is answered for: ours, also for a colleague. None for
        strangers, and for everybody while we do not know our workspace or shut down."""
        identity = self.identity
        if identity is None or self.is_closing:
            return None
        ids = {"team_id": identity.team_id, "enterprise_id": identity.enterprise_id}
        relation = relation_of(origin, **ids, is_shared=origin.is_shared is not False)
        if relation is Relation.STRANGER and origin.is_shared is None:
            relation = relation_of(origin, **ids, is_shared=False)
            place = Place(team_id=identity.team_id, channel_id=origin.channel_id)
            if relation is not Relation.STRANGER and await self._is_shared(place):
                return None
        return None if relation is Relation.STRANGER else identity.team_id

    async def is_shared(self, origin: Origin) -> bool:
        """True if people of another company may be in the channel."""
        identity = self.identity
        if origin.is_shared is not None or identity is None:
            return origin.is_shared is not False
        return await self._is_shared(Place(team_id=identity.team_id, channel_id=origin.channel_id))

    def receiving(self, recipients: Recipients) -> str | None:
        """Return our workspace if an event is sent to it; None if it is sent only to others."""
        identity = self.identity
        if identity is None:
            return None
        is_ours = identity.team_id in recipients.team_ids or identity.enterprise_id in (
            recipients.team_ids | recipients.enterprise_ids
        )
        return identity.team_id if is_ours else None

    @property
    def farewell(self) -> Words:
        """The answer to a person who is not admitted."""
        if self.is_closing:
            return RESTARTING
        if self.identity:
            return _STRANGER
        return _REFUSED if self._installation.is_refused else _STARTING

    async def _is_shared(self, place: Place) -> bool:
        """True if the channel is shared, or if Slack does not say: then we admit no colleague."""
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
        self._shared[place] = is_shared, now
        return is_shared
