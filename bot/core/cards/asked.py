"""What somebody asked for, on the card of the job, for as long as it is about what is shown."""

from datetime import timedelta

from bot.core.acting import TERMINAL, Asked, JobAction, is_legal
from bot.core.cards.card import Moment, Person, TimeStyle
from bot.core.change import StatusChange
from bot.core.job import Phase, VisualizationJob
from bot.core.text import Text, Value, say

# What has not shown by then has not come of it.
_SHOWS_WITHIN = timedelta(minutes=10)
# A job that has stopped later than this was stopped by something else.
_STOPS_WITHIN = timedelta(hours=1)
_AT_ONCE = timedelta()
# The database says when it was asked for, a replica when the change was seen.
_CLOCKS_DIFFER_BY = timedelta(seconds=5)
_UNDER_WAY = {
    JobAction.STOP: frozenset({Phase.STOPPING}),
    JobAction.RESTART: frozenset({Phase.QUEUED}),
}


def asked_sentence(
    job: VisualizationJob, change: StatusChange | None, asked: Asked | None
) -> Text | None:
    """`Stopping, asked by @ana at 14:05.`; None where it is over, or about another run. `change`
    is the latest of the job, if there was one."""
    if asked is None or not _is_of_now(job, change, asked):
        return None
    person, time = person_of(asked.by), Moment(asked.at)
    if asked.action is JobAction.STOP:
        return say("Stopping, asked by {person} at {time}.", person=person, time=time)
    return say("Restarting, asked by {person} at {time}.", person=person, time=time)


def stopped_sentence(
    job: VisualizationJob, change: StatusChange | None, asked: Asked | None
) -> Text | None:
    """`Stopped, asked by @ana at 14:05.`; None where the end of the run did not come of that."""
    if asked is None or change is None or asked.action is not JobAction.STOP:
        return None
    took = change.seen_at - asked.at
    if job.status.phase is not Phase.STOPPED or not -_CLOCKS_DIFFER_BY <= took <= _STOPS_WITHIN:
        return None
    return say(
        "Stopped, asked by {person} at {time}.",
        person=person_of(asked.by),
        time=Moment(asked.at, TimeStyle.DAY_AND_CLOCK),
    )


def person_of(who: str) -> Value:
    """Who acted: somebody of Slack, or a user of the terminal."""
    return who if who.startswith(TERMINAL) else Person(who)


def _is_of_now(job: VisualizationJob, change: StatusChange | None, asked: Asked) -> bool:
    later = change.seen_at - asked.at if change is not None else None
    if job.status.phase in _UNDER_WAY[asked.action]:
        return later is not None and -_CLOCKS_DIFFER_BY <= later <= _SHOWS_WITHIN
    # The cloud has said yes, and nothing has been seen of it.
    is_waiting = asked.is_accepted and is_legal(asked.action, job.status)
    is_fresh = job.read_at - asked.at <= _SHOWS_WITHIN
    return is_waiting and is_fresh and (later is None or later <= _AT_ONCE)
