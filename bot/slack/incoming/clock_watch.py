"""Whether this machine's clock agrees with Slack's, by the times that Slack signs."""

from datetime import timedelta

from bot.core.cards.wording import duration_words
from bot.core.health import Check, Verdict
from bot.core.ports.time import Clock, Monotonic
from bot.core.text import say
from bot.slack.incoming.gate import TOLERANCE_SECONDS

# One old request may have been captured and sent again; so many different ones in a row are ours.
_ENOUGH = 3


class ClockWatch:
    """Compares the clocks by requests that are Slack's own. A clock that is set right is
    noticed without another request: none may come while we say that we are not ready."""

    def __init__(self, *, clock: Clock, monotonic: Monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._signatures: set[str] = set()
        #: Slack's time, and when by the other clock it was that.
        self._signed_at, self._heard_at = 0.0, 0.0

    def agree(self) -> None:
        """A request came in time."""
        self._signatures.clear()

    def disagree(self, signed_at: float, signature: str) -> None:
        """A request that is Slack's is too old or too new for our clock."""
        if len(self._signatures) < _ENOUGH:
            self._signatures.add(signature)
        self._signed_at, self._heard_at = signed_at, self._monotonic()

    @property
    def ahead(self) -> timedelta:
        """By how much our clock is ahead of Slack's, as last heard; negative if it is behind."""
        slack_time = self._signed_at + self._monotonic() - self._heard_at
        return timedelta(seconds=round(self._clock().timestamp() - slack_time))

    def check(self) -> Check | None:
        """A failed check while our clock is off; else None."""
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
