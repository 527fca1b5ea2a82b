"""Measure how long Slack has failed our calls, as far as this process knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ports.meter import CallOutcome
from bot.core.ports.time import Clock

# A refusal is an answer; only these outcomes count as failures.
_FAILURES = frozenset({CallOutcome.UNAVAILABLE, CallOutcome.LIMITED})
# These methods are never retried, so their next success may be long in coming. The success of
# another method therefore ends their spell.
_TRIED_ONCE = frozenset({"chat.postEphemeral", "chat.unfurl"})
# This exceeds the longest pause between two retries. A spell without a call for so long is
# forgotten, because another replica may have gone on.
_FORGOTTEN_AFTER = timedelta(minutes=15)


@dataclass(slots=True)
class _Outage:
    """The first and the last of several failures of one method in a row."""

    began: datetime
    last: datetime


class SlackOutages:
    """Failures in a row of the methods that write messages, and of `auth.test`.

    Each method counts for itself, because a search may succeed while every post fails.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spells: dict[str, _Outage] = {}

    def note(self, method: str, outcome: CallOutcome) -> None:
        """Record the outcome of a call."""
        if not method.startswith("chat.") and method != "auth.test":
            return
        now = self._clock()
        spell = self._live().get(method)
        if outcome not in _FAILURES:
            for ended in {method, *_TRIED_ONCE}:
                self._spells.pop(ended, None)
        elif spell is None:
            self._spells[method] = _Outage(now, now)
        else:
            spell.last = now

    def failing_since(self) -> datetime | None:
        """Return when the longest spell of failures began; None while Slack answers."""
        return min((spell.began for spell in self._live().values()), default=None)

    def length(self) -> timedelta:
        """Return the length of the longest spell of failures; zero while Slack answers.

        A single failure does not count: a retry soon fails too if Slack is really away.
        """
        now = self._clock()
        lengths = (now - spell.began for spell in self._live().values() if spell.last > spell.began)
        return max(lengths, default=timedelta(0))

    def _live(self) -> dict[str, _Outage]:
        now = self._clock()
        return {
            method: spell
            for method, spell in self._spells.items()
            if now - spell.last <= _FORGOTTEN_AFTER
        }
