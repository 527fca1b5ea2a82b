"""What Slack says of people: where their clocks stand."""

import asyncio
from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog

from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.ports.time import Monotonic
from bot.slack.contact import Identity
from bot.slack.outgoing.calls import SlackCalls

_log = structlog.get_logger(__name__)

_SCOPE = "users:read"
_KEPT_SECONDS = 86_400.0
# Slack may be in trouble, or the scope be granted any moment.
_UNKNOWN_KEPT_SECONDS = 60.0
# The answer to a command waits for this, and Slack for the answer: 3 s in all.
_PATIENCE_SECONDS = 0.6
_MOST_REMEMBERED = 10_000

_Person = tuple[str, str]


class SlackPeople:
    """The People port. Without the optional scope it asks nothing and knows nothing."""

    def __init__(
        self,
        calls: SlackCalls,
        *,
        identity: Callable[[], Identity | None],
        monotonic: Monotonic,
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._monotonic = monotonic
        #: What is known, and until when; oldest first.
        self._zones: dict[_Person, tuple[ZoneInfo | None, float]] = {}

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo | None:
        """https://docs.slack.dev/reference/methods/users.info"""
        identity = self._identity()
        if identity and identity.scopes and _SCOPE not in identity.scopes:
            return None
        person = (team_id, user_id)
        zone, kept_until = self._zones.get(person, (None, 0.0))
        if self._monotonic() < kept_until:
            return zone
        zone = await self._ask(user_id)
        kept = _KEPT_SECONDS if zone else _UNKNOWN_KEPT_SECONDS
        self._zones.pop(person, None)
        self._zones[person] = zone, self._monotonic() + kept
        if len(self._zones) > _MOST_REMEMBERED:
            del self._zones[next(iter(self._zones))]
        return zone

    async def _ask(self, user_id: str) -> ZoneInfo | None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                answer = await self._calls.read("users.info", user=user_id)
        except (MessengerError, TimeoutError) as error:
            is_refused = isinstance(error, MessageRejected) and error.refusal is Refusal.SCOPE
            if not is_refused:
                _log.warning("person_not_seen", user=user_id, error=type(error).__name__)
            return None
        user = answer.data.get("user")
        return zone_named(user.get("tz") if isinstance(user, dict) else None)


def zone_named(name: object) -> ZoneInfo | None:
    """The zone of an IANA name; None for anything else."""
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; no name of one; a folder of zones
        return None
