"""The pauses after refusals by a workspace, each longer than the last."""

from collections import Counter
from datetime import timedelta

from bot.core.ports.time import Monotonic

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=1)
_MOST_DOUBLINGS = 10


class WorkspacePauses:
    """The refusals in a row of each workspace. A refusal during a pause does not lengthen it."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._refusals: Counter[str] = Counter()
        self._open_at: dict[str, float] = {}

    def begin(self, team_id: str) -> timedelta:
        """Count a refusal by Slack; return how long to wait from now."""
        now = self._monotonic()
        if now >= self._open_at.get(team_id, now):
            doublings = min(self._refusals[team_id], _MOST_DOUBLINGS)
            self._refusals[team_id] += 1
            pause = min(_FIRST * 2.0**doublings, _LONGEST)
            self._open_at[team_id] = now + pause.total_seconds()
        return timedelta(seconds=self._open_at[team_id] - now)

    def end(self, team_id: str) -> None:
        """End the pause and reset the count, because Slack took a call."""
        del self._refusals[team_id]
        self._open_at.pop(team_id, None)
