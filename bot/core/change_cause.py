"""Which request for a stop or restart caused a change of a job. Pure."""

from collections.abc import Iterable
from datetime import timedelta

from bot.core.acting import JobAction, RequestedAction
from bot.core.change import StatusChange, Step, phase_of
from bot.core.job import Phase

#: A change later than this has another cause.
SHOWS_WITHIN = timedelta(hours=1)
#: The request has the time of the database, the change that of a replica.
CLOCKS_DIFFER_BY = timedelta(seconds=5)


def action_of(step: Step) -> JobAction | None:
    """Return the action that may cause this step; None if no action does."""
    if step.is_restart:
        return JobAction.RESTART
    return JobAction.STOP if phase_of(step.after) is Phase.STOPPED else None


def is_caused_by(change: StatusChange, asked: RequestedAction) -> bool:
    took = change.seen_at - asked.at
    is_soon = -CLOCKS_DIFFER_BY <= took <= SHOWS_WITHIN
    return is_soon and asked.action is action_of(change.step)


def cause_of(change: StatusChange, asked: Iterable[RequestedAction]) -> RequestedAction | None:
    """Return the latest of the requests that caused the change; None if none did."""
    causes = (one for one in asked if is_caused_by(change, one))
    return max(causes, key=lambda one: one.at, default=None)
