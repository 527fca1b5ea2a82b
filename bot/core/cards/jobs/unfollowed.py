"""The last version of a job's card, in a place that no longer follows the job."""

from bot.core.card_edit import Unfollowed
from bot.core.cards.card import Card, Control, Line, Moment, Person, Strong, TimeStyle
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions, subscribe_sentence
from bot.core.cards.jobs.job_lines import (
    DOT,
    card_sentence,
    facts_line,
    gone_line,
    last_seen,
    seen_time,
    small_print,
)
from bot.core.cards.wording import called, job_words, state_words, symbol
from bot.core.cards.words.change_words import gone_sentence
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.job import Phase, VisualizationJob
from bot.core.text import Text, say, sentences

#: In place of the symbol of a state that may have ended since: nobody looks any more.
_NOT_WATCHED = "⏸️"
_LIVE = frozenset({Phase.QUEUED, Phase.RUNNING, Phase.STOPPING})


def unfollowed_card(
    job: VisualizationJob, unfollowed: Unfollowed, *, change: StatusChange | None
) -> Card:
    """Return who ended the last subscription, and the job as last read then: without a running
    clock, and without a link that may go dead. `change` is the latest change of the job, or
    None."""
    is_gone = change is not None and change.step.after == NO_JOB
    ended = _ended(unfollowed.by)
    return Card(
        summary=sentences(
            card_sentence(job),
            ended,
            gone_sentence(job_words(job)) if is_gone else _seen(job),
        ),
        lines=(gone_line(job) if is_gone else _status_line(job), (ended,), *facts_line(job)),
        notes=(small_print(job, as_of=seen_time(job)),),
        controls=() if is_gone else _controls(job, unfollowed.resubscribe_sentence),
    )


def _ended(by: str) -> Text:
    if not by:  # an operator applied a file
        return say("No longer followed here.")
    return say("No longer followed here, by {person}.", person=Person(by))


def _status_line(job: VisualizationJob) -> Line:
    is_live = job.status.phase in _LIVE
    return (
        f"{_NOT_WATCHED if is_live else symbol(job.status)} ",
        called(job, Strong),
        DOT,
        last_seen(job),
    )


def _seen(job: VisualizationJob) -> Text:
    return say(
        "It was last seen {time}: {state} ({code}).",
        time=Moment(job.read_at, TimeStyle.DAY_AND_CLOCK),
        state=state_words(job.status),
        code=job.status.vendor_name,
    )


def _controls(job: VisualizationJob, resubscribe_sentence: str) -> tuple[Control, ...]:
    return job_actions(
        JobNumber(str(job.id)),
        card=JobCard.CLOSED,
        following=Following.ENDED,
        subscribe=subscribe_sentence(resubscribe_sentence),
        name=job_words(job),
    )
