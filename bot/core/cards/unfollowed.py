"""The last card of a job in a place that does not follow it any more."""

from bot.core.cards.card import Action, Card, Control, Line, Moment, Person, Strong, TimeStyle
from bot.core.cards.change_words import gone_sentence
from bot.core.cards.wording import job_words, moment_words, status_code_words
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.job_reference import JobNumber
from bot.core.commands.subscribe import Subscribe
from bot.core.delivery import Unfollowed
from bot.core.job import VisualizationJob
from bot.core.text import Code, Words, say, sentences


def unfollowed_card(
    job: VisualizationJob, unfollowed: Unfollowed, *, change: StatusChange | None
) -> Card:
    """Who ended the last subscription, and what was known of the job then: no clock runs on it,
    and no link may go dead. `change` is its latest, if there was one."""
    is_gone = change is not None and change.step.after == NO_JOB
    title = say("{name} (job\u00a0{id})", name=job.name, id=job.id) if job.name else job_words(job)
    return Card(
        summary=sentences(
            say("{job}. No longer followed here.", job=title),
            gone_sentence(job) if is_gone else _last_seen_sentence(job),
        ),
        lines=(
            (Strong(title),),
            (say("No longer followed here, by {person}.", person=Person(unfollowed.by)),),
        ),
        notes=(_last_seen(job, is_gone=is_gone),),
        controls=() if is_gone else _again(job),
    )


def _last_seen_sentence(job: VisualizationJob) -> Words:
    return say(
        "Last seen {time}: {state} ({code}).",
        time=moment_words(job.read_at),
        state=job.status.word,
        code=status_code_words(job.status),
    )


def _last_seen(job: VisualizationJob, *, is_gone: bool) -> Line:
    seen = say("last seen {time}", time=Moment(job.read_at, TimeStyle.DAY_AND_CLOCK))
    state: Line = (" · ", say("deleted")) if is_gone else ()
    return (seen, *state, " · ", Code(status_code_words(job.status)))


def _again(job: VisualizationJob) -> tuple[Control, ...]:
    command = Subscribe(job=JobNumber(str(job.id)))
    return (Action(label=say("Subscribe again"), command=command),)
