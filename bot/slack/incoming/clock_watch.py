"""Check this machine's clock against Slack's, by the timestamps that Slack signs."""

from datetime import timedelta

from bot.core.cards.wording import duration_words
from bot.core.health import Check, Verdict
from bot.core.ports.time import Clock, Monotonic
from bot.core.text import say
from bot.slack.incoming.gate import TOLERANCE_SECONDS

# One old request may be a captured one that was sent again; so many in a row show a wrong clock.
_ENOUGH = 3


class ClockWatch:
    """A comparison of the clocks by verified requests. It notices a corrected clock without another
    request, because none may come while we report that we are not ready."""

    def __init__(self, *, clock: Clock, monotonic: Monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._signatures: set[str] = set()
        #: The time that Slack signed, and the monotonic time at which that request arrived.
        self._signed_at, self._heard_at = 0.0, 0.0

    def agree(self) -> None:
        """Record that a request has a timestamp within the tolerance."""
        self._signatures.clear()

    def disagree(self, signed_at: float, signature: str) -> None:
        """Record that a verified request is too old or too new by our clock."""
        if len(self._signatures) < _ENOUGH:
            self._signatures.add(signature)
        self._signed_at, self._heard_at = signed_at, self._monotonic()

    @property
    def ahead(self) -> timedelta:
        """How far our clock is ahead of Slack's by the last such request; negative if behind."""
        slack_time = self._signed_at + self._monotonic() - self._heard_at
        return timedelta(seconds=round(self._clock().timestamp() - slack_time))

    def check(self) -> Check | None:
        """Return a failed check while our clock is wrong; else None."""
        if len(self._signatures) < _ENOUGH:
            return None
        ahead = self.ahead
        if abs(ahead) <= timedelta(seconds=TOLERANCE_SECONDS):
            return None
        span = duration_words(abs(ahead))
        found = (
            say(
                "this machine's clock is {span} ahead of Slack's, so I refuse Slack's requests",
                span=span,
            )
            if ahead > timedelta()
            else say(
                "this machine's clock is {span} behind Slack's, so I refuse Slack's requests",
                span=span,
            )
        )
        return Check(
            name=say("clock"),
            verdict=Verdict.FAILED,
            found=found,
            cure=SET_CLOCK,
        )


SET_CLOCK = say("set this host's clock by NTP")
