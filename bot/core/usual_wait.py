"""How long the jobs of a project usually wait, from the ends of their last waits. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.change import Step, phase_of
from bot.core.job import Phase

#: How many of a project's last waits are its own times, and from how many on.
WAITS_KEPT = 200
WAITS_NEEDED = 20


def usual_wait(spans: Sequence[timedelta]) -> timedelta | None:
    """What 95 of 100 of these waits did not exceed; None while too few are known."""
    if len(spans) < WAITS_NEEDED:
        return None
    rank = -(-len(spans) * 95 // 100)
    return sorted(spans)[rank - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A change that begins or ends a wait, or begins it anew."""

    job_id: int
    step: Step
    seen_at: datetime


def waits(crossings: Iterable[Crossing], phase: Phase) -> tuple[timedelta, ...]:
    """How long each wait in a phase lasted whose beginning and end were seen; latest end first,
    WAITS_KEPT at the most. The crossings of a job stand in their order."""
    began: dict[int, datetime] = {}
    ended: list[tuple[datetime, timedelta]] = []
    for one in crossings:
        since = began.pop(one.job_id, None)
        if phase_of(one.step.after) is phase:
            # One that went on already was begun anew: how long it had lasted, nobody saw.
            began[one.job_id] = one.seen_at
        elif since is not None:
            ended.append((one.seen_at, one.seen_at - since))
    ended.sort(reverse=True)
    return tuple(span for _, span in ended[:WAITS_KEPT])
