"""How long the jobs of a project usually wait, from their latest waits. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.change import Step, phase_of
from bot.core.job import Phase

#: How many of the latest waits count, and how many are needed.
WAITS_KEPT = 200
WAITS_NEEDED = 20


def usual_wait(spans: Sequence[timedelta]) -> timedelta | None:
    """Return the wait that 95 % of these waits did not exceed; None if they are too few."""
    if len(spans) < WAITS_NEEDED:
        return None
    rank = -(-len(spans) * 95 // 100)
    return sorted(spans)[rank - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A change that begins or ends a wait, or restarts it."""

    job_id: int
    step: Step
    seen_at: datetime


def waits(crossings: Iterable[Crossing], phase: Phase) -> tuple[timedelta, ...]:
    """Return the lengths of the waits whose begin and end polls saw, latest end first,
    WAITS_KEPT at the most. The crossings of a job are in order."""
    began: dict[int, datetime] = {}
    ended: list[tuple[datetime, timedelta]] = []
    for one in crossings:
        since = began.pop(one.job_id, None)
        if phase_of(one.step.after) is phase:
            # A wait that restarts has an unknown earlier part, so it is skipped.
            began[one.job_id] = one.seen_at
        elif since is not None:
            ended.append((one.seen_at, one.seen_at - since))
    ended.sort(reverse=True)
    return tuple(span for _, span in ended[:WAITS_KEPT])
