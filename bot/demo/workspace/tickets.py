"""Trigger ids and response URLs: issue them, and refuse them when they have expired.

This module knows no HTTP and no messages.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

# https://docs.slack.dev/interactivity/handling-user-interaction
TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request to the bot came from: the place of its answer, and the message to replace."""

    user: str
    channel: str
    message_ts: str | None = None
    thread_ts: str | None = None
    is_ephemeral: bool = False
    command: str | None = None


@dataclass(slots=True)
class _Ticket:
    issued: datetime
    uses: int = 0


class Lapsed(Exception):
    """The error of an unknown, used or expired ticket; the text is Slack's error code."""


class Tickets:
    """Issues and redeems trigger ids (3 s, one use) and response URLs (30 min, five uses)."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._triggers: dict[str, tuple[_Ticket, str]] = {}
        self._hooks: dict[str, tuple[_Ticket, Origin]] = {}

    def issue_trigger(self, user: str) -> str:
        """Return a new trigger id for a view that `user` will see."""
        number = 8_000_000_000 + len(self._triggers)
        trigger = f"{number}.{secrets.randbelow(10**10):010d}.{secrets.token_hex(16)}"
        self._triggers[trigger] = (_Ticket(self._clock()), user)
        return trigger

    def redeem_trigger(self, trigger: object) -> str:
        """Return the person of a trigger id, and mark it used. Raises `Lapsed`."""
        ticket, user = self._triggers.get(str(trigger), (None, ""))
        if ticket is None:
            raise Lapsed("invalid_trigger_id")
        if ticket.uses:
            raise Lapsed("exchanged_trigger_id")
        if self._clock() - ticket.issued > TRIGGER_LIFE:
            raise Lapsed("expired_trigger_id")
        ticket.uses = 1
        return user

    def issue_hook(self, origin: Origin) -> str:
        """Return the secret last part of a new response URL."""
        key = f"{8_600_000_000 + len(self._hooks)}/{secrets.token_urlsafe(18)}"
        self._hooks[key] = (_Ticket(self._clock()), origin)
        return key

    def redeem_hook(self, key: str) -> Origin:
        """Return the origin of a response URL, and count one use. Raises `Lapsed`."""
        ticket, origin = self._hooks.get(key, (None, None))
        if ticket is None or origin is None:
            raise Lapsed("invalid_url")
        if self._clock() - ticket.issued > RESPONSE_URL_LIFE:
            raise Lapsed("expired_url")
        if ticket.uses >= RESPONSE_URL_USES:
            raise Lapsed("used_url")
        ticket.uses += 1
        return origin
