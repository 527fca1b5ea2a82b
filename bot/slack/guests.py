"""Who is at home here, and who only meets us in a shared channel."""

import asyncio
from enum import IntEnum

import structlog

from bot.core.errors import MessengerError
from bot.slack.messenger import Identity, SlackMessenger
from bot.slack.origin import Origin, Recipients
from bot.slack.rooms import SlackRooms

_log = structlog.get_logger(__name__)

_STRANGER = "I answer people of the workspace that installed me, and you come from another one."
_STARTING = "I am starting, and Slack has not told me yet who I am. Please ask again in a moment."

# Slack gives up on an answer after 3 s.
_LOOK_SECONDS = 2.0
_REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 1_000


class Whose(IntEnum):
    """Whose a request is; of two, the greater one is farther from home."""

    OURS = 0
    A_COLLEAGUES = 1
    A_STRANGERS = 2


def whose_request(origin: Origin, *, team_id: str, enterprise_id: str, is_shared: bool) -> Whose:
    """Whose a request is to the workspace `team_id` of `enterprise_id` (empty: of none).

    `is_shared`: with another company. There only an enterprise named for the person's own
    workspace counts; elsewhere whoever Slack names together with our enterprise belongs to it.
    """

    def rank(own: str) -> Whose:
        if own == team_id:
            return Whose.OURS
        if not enterprise_id:
            return Whose.A_STRANGERS
        beside_us = not is_shared and enterprise_id in origin.enterprise_ids
        is_workspace = not own.startswith("E")
        named = origin.enterprise_of.get(own, enterprise_id if beside_us and is_workspace else own)
        return Whose.A_COLLEAGUES if named == enterprise_id else Whose.A_STRANGERS

    return max((rank(own) for own in origin.team_ids), default=Whose.A_STRANGERS)


class Guests:
    """Closed until Slack has told us which workspace is ours."""

    def __init__(self, messenger: SlackMessenger) -> None:
        self._messenger = messenger
        self._rooms = SlackRooms(messenger.calls)
        #: What Slack said of channels, and when; oldest first.
        self._shared: dict[str, tuple[bool, float]] = {}

    @property
    def home(self) -> Identity | None:
        """Who we are; None in the first moments of a process."""
        return self._messenger.identity

    async def learn_home(self, seconds: float) -> None:
        """Wait for Slack to tell, at most so long; afterwards this costs nothing."""
        if self.home is None:
            await self._messenger.until_identified(seconds)

    async def admitting(self, origin: Origin) -> str | None:
        """The workspace that a request is answered for: ours, also to a colleague of another
        workspace. None for strangers, and for all while we do not know ours."""
        home = self.home
        if home is None:
            return None
        ids = {"team_id": home.team_id, "enterprise_id": home.enterprise_id}
        whose = whose_request(origin, **ids, is_shared=origin.is_shared is not False)
        if whose is Whose.A_STRANGERS and origin.is_shared is None:
            whose = whose_request(origin, **ids, is_shared=False)
            if whose is not Whose.A_STRANGERS and await self._is_shared(origin.channel_id):
                return None
        return None if whose is Whose.A_STRANGERS else home.team_id

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
    def farewell(self) -> str:
        """What a stranger is told."""
        return _STRANGER if self.home else _STARTING

    async def _is_shared(self, channel_id: str) -> bool:
        """True also where Slack does not say: then nobody of another workspace is let in."""
        now = asyncio.get_running_loop().time()
        is_shared, asked_at = self._shared.get(channel_id, (True, -_REMEMBERED_SECONDS))
        if now - asked_at < _REMEMBERED_SECONDS:
            return is_shared
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                is_shared = await self._rooms.is_shared(channel_id)
        except (MessengerError, TimeoutError) as error:
            _log.warning("channel_not_seen", channel=channel_id, error=type(error).__name__)
            return True
        self._shared.pop(channel_id, None)
        self._shared[channel_id] = is_shared, now
        if len(self._shared) > _MOST_REMEMBERED:
            del self._shared[next(iter(self._shared))]
        return is_shared
