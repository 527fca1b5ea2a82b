"""A pause after refused logins, so that the bot never locks the account that it uses.

This module knows time and errors, but no HTTP.
"""

from datetime import datetime, timedelta

from bot.core.errors import LoginRefused
from bot.core.ports.time import Clock
from bot.core.text import say, sentences


class Lockout:
    """A counter of refused logins: after `limit` in a row, nothing may be sent for `pause`.

    An accepted login resets the count. The end of a pause does not, because the cloud goes on
    counting: the next refusal starts another pause.
    """

    def __init__(self, *, limit: int, pause: timedelta, clock: Clock) -> None:
        self._limit = limit
        self._pause = pause
        self._clock = clock
        self._refusals = 0
        self._since: datetime | None = None
        self._fault: LoginRefused | None = None

    def check(self) -> None:
        """Raises LoginRefused, with the cloud's own error text, during a pause."""
        if self._since is None or self._fault is None:
            return
        until = self._since + self._pause
        # A clock that was set back must not make the pause longer.
        if not self._since <= self._clock() < until:
            return
        raise LoginRefused(
            say(
                "The cloud refused our login at {since}. So that the account is not locked,"
                " nothing is sent before {until}.",
                since=_show(self._since),
                until=_show(until),
            ),
            hint=sentences(self._fault.hint, say("Then restart the bot, or wait.")),
            code=self._fault.code,
            vendor_text=self._fault.vendor_text,
        ) from self._fault

    def accept(self) -> None:
        """Record that the cloud accepted the login."""
        self._refusals = 0
        self._since = self._fault = None

    def refuse(self, fault: LoginRefused, *, locked: bool) -> None:
        """Record a refusal of the login; `locked` if the cloud says that it has locked us out."""
        self._refusals += 1
        if locked or self._refusals >= self._limit:
            self._since, self._fault = self._clock(), fault


def _show(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
