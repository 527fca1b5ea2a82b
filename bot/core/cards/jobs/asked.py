"""The sentences that name who asked for a stop or restart, on the card of a job."""

from datetime import timedelta

from bot.core.acting import TERMINAL, JobAction, RequestedAction, is_legal
from bot.core.cards.card import Moment, Person, TimeStyle
from bot.core.change import StatusChange
from bot.core.change_cause import CLOCKS_DIFFER_BY, is_caused_by
from bot.core.job import Phase, VisualizationJob
from bot.core.text import Text, Value, Words, say

# A request that has shown no effect for this long is no longer on the card.
_SHOWS_WITHIN = timedelta(minutes=10)
_AT_ONCE = timedelta()
_UNDER_WAY = {
    JobAction.STOP: frozenset({Phase.STOPPING}),
    JobAction.RESTART: frozenset({Phase.QUEUED}),
}


def asked_sentence(
    job: VisualizationJob, change: StatusChange | None, asked: RequestedAction | None
) -> Text | None:
    """Return `Stopping, asked by @ana at 14:05.` while the request is under way; None if it is over
    or was for another run. `change` is the latest change of the job, or None."""
    if asked is None or not _is_of_now(job, change, asked):
        return None
    return request_sentence(asked)


def request_sentence(asked: RequestedAction) -> Text:
    """Return `Stopping, asked by @ana at 14:05.`, also once the request is over."""
    person, time = person_of(asked.by), Moment(asked.at)
    if asked.action is JobAction.STOP:
        return say("Stopping, asked by {person} at {time}.", person=person, time=time)
    return say("Restarting, asked by {person} at {time}.", person=person, time=time)


def stopped_sentence(
    job: VisualizationJob, change: StatusChange | None, asked: RequestedAction | None
) -> Text | None:
    """Return `Stopped, asked by @ana at 14:05.`; None if the request did not end the run."""
    if asked is None or change is None or asked.action is not JobAction.STOP:
        return None
    if job.status.phase is not Phase.STOPPED or not is_caused_by(change, asked):
        return None
    return say(
        "Stopped, asked by {person} at {time}.",
        person=person_of(asked.by),
        time=Moment(asked.at, TimeStyle.DAY_AND_CLOCK),
    )


def who_acted(asked: RequestedAction | None) -> Words:
    """Return `@ana asked for it.`, for the message about the change, which says what was done;
    empty if nobody asked."""
    return say("{person} asked for it.", person=person_of(asked.by)) if asked else ""


def person_of(who: str) -> Value:
    """Return a user of Slack as a mention, and a user of the terminal as plain text."""
    return who if who.startswith(TERMINAL) else Person(who)


def _is_of_now(job: VisualizationJob, change: StatusChange | None, asked: RequestedAction) -> bool:
    later = change.seen_at - asked.at if change is not None else None
    if job.status.phase in _UNDER_WAY[asked.action]:
        return later is not None and -CLOCKS_DIFFER_BY <= later <= _SHOWS_WITHIN
    # The cloud accepted the request, and no read shows its effect yet.
    is_waiting = asked.is_accepted and is_legal(asked.action, job.status)
    is_fresh = job.read_at - asked.at <= _SHOWS_WITHIN
    return is_waiting and is_fresh and (later is None or later <= _AT_ONCE)
