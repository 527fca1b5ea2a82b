"""When to try Socket Mode again, and since when it has been away. Opens no connection."""

from collections.abc import Callable
from datetime import timedelta

from bot.core.cards.wording import duration_words
from bot.core.health import Check, Verdict
from bot.core.ports.time import Monotonic
from bot.core.text import say

# After an outage of minutes we reconnect within 15 s: the longest pause, up to a fifth more at
# random, and a look. After a longer outage, the next successful Web API call ends the pause.
_FIRST_PAUSE_SECONDS = 2.0
_LONGEST_PAUSE_SECONDS = 10.0
_LONG_OUTAGE_SECONDS = 600.0
_LONGEST_PAUSE_OF_LONG_OUTAGE = 50.0
_JITTER = 0.2
# A connection that ends sooner counts as a failed try.
_STEADY_SECONDS = 10.0
_UNREADY_AFTER_SECONDS = 60.0
_DEAD_AFTER_SECONDS = 180.0


class Schedule:
    """One try at once after a steady connection ended; then pauses that grow, whatever the error.
    `jitter` returns 0 to 1."""

    def __init__(self, *, monotonic: Monotonic, jitter: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._jitter = jitter
        self._failures = 0
        self._due_at = self._looked_at = monotonic()
        self._away_since: float | None = self._due_at
        #: Since when we were away before this connection, while it is not steady yet.
        self._was_away_since: float | None = None
        self._told = ""
        self.reason = "not connected yet"
        self.was_connected = False

    @property
    def is_due(self) -> bool:
        """True if a try is due."""
        return self._monotonic() >= self._due_at

    @property
    def away_for(self) -> timedelta | None:
        """For how long there has been no connection; None while there is one."""
        if self._away_since is None:
            return None
        return timedelta(seconds=self._monotonic() - self._away_since)

    @property
    def is_unready(self) -> bool:
        """True if the connection has been away for too long, or was never there."""
        away = self.away_for
        return away is not None and (
            not self.was_connected or away.total_seconds() >= _UNREADY_AFTER_SECONDS
        )

    @property
    def is_dead(self) -> bool:
        """True if all tries of three minutes failed, or if nothing has looked for three minutes."""
        away = self.away_for
        is_away = away is not None and away.total_seconds() >= _DEAD_AFTER_SECONDS
        return is_away or self._monotonic() - self._looked_at >= _DEAD_AFTER_SECONDS

    def note_look(self) -> None:
        """Record a look at the connection."""
        self._looked_at = self._monotonic()

    def note_greeted(self) -> timedelta | None:
        """Record that we are connected. Return how long we were away, if that was logged."""
        away, was_told = self.away_for, bool(self._told)
        if away is None:
            return None
        self._was_away_since, self._away_since = self._away_since, None
        self._told, self.was_connected = "", True
        return away if was_told else None

    def note_lost(self, reason: str, lived_for: float) -> float | None:
        """Record that a connection ended. Return the pause before the next try, if to be logged."""
        now = self._monotonic()
        if lived_for >= _STEADY_SECONDS:
            self._failures, self._was_away_since = 0, None
        if self._away_since is None:
            self._away_since = now if self._was_away_since is None else self._was_away_since
        pause = self._pause() if self._failures else 0.0
        self._failures += 1
        return self._put_off(reason, pause)

    def note_failed(self, reason: str, asked_wait: float) -> float | None:
        """Record that a try failed. Return the pause before the next try, if to be logged."""
        self._failures = max(self._failures, 1)
        pause = max(self._pause(), asked_wait)
        self._failures += 1
        return self._put_off(reason, pause)

    def hurry(self) -> None:
        """Make a try due at the next look."""
        self._due_at = min(self._due_at, self._monotonic())

    def _put_off(self, reason: str, pause: float) -> float | None:
        self.reason, self._due_at = reason, self._monotonic() + pause
        if not pause or reason == self._told:
            return None
        self._told = reason
        return pause

    def _pause(self) -> float:
        away = self.away_for
        is_long = away is not None and away.total_seconds() > _LONG_OUTAGE_SECONDS
        longest = _LONGEST_PAUSE_OF_LONG_OUTAGE if is_long else _LONGEST_PAUSE_SECONDS
        # The exponent is bounded, because a float would overflow.
        grown = _FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures - 1, 10)
        return min(grown, longest) * (1 + _JITTER * self._jitter())


def away_check(schedule: Schedule) -> Check:
    """Return the check for a connection that is away."""
    away = schedule.away_for or timedelta()
    found = say(
        "away for {span} ({reason}); trying again",
        span=duration_words(away),
        reason=schedule.reason,
    )
    cure = _CURES.get(schedule.reason, _USUAL_CURE)
    verdict = Verdict.FAILED if schedule.is_unready else Verdict.WARNING
    return Check(name=SOCKET_MODE, verdict=verdict, found=found, cure=cure)


#: Slack's own name for this feature.
SOCKET_MODE = say("Socket Mode")
_USUAL_CURE = say("see status.slack.com, and whether this host reaches Slack")
_SET_ANOTHER = say(
    "set SLACK_APP_TOKEN to an app-level token with connections:write, from Basic Information"
)
_SWITCH_ON = say("turn Socket Mode on in the app's settings")
_CURES = {
    "too_many_websockets": say("stop other programs that use the same SLACK_APP_TOKEN"),
    "link_disabled": _SWITCH_ON,
    "forbidden_team": _SWITCH_ON,
    "invalid_auth": _SET_ANOTHER,
    "not_authed": _SET_ANOTHER,
    "not_allowed_token_type": _SET_ANOTHER,
    "missing_scope": _SET_ANOTHER,
    "token_revoked": _SET_ANOTHER,
}
