"""The last card of a job in a place that does not follow it any more."""

from bot.core.cards.card import Action, Card, Code, Control, Line, Moment, Person, Strong, TimeStyle
from bot.core.cards.change_words import gone_sentence
from bot.core.cards.wording import job_words, moment_words, status_code_words
from bot.core.change import NO_JOB, StatusChange
from bot.core.commands.job_reference import JobNumber
from bot.core.commands.subscribe import Subscribe
from bot.core.delivery import Unfollowed
from bot.core.job import VisualizationJob


def unfollowed_card(
    job: VisualizationJob, unfollowed: Unfollowed, *, change: StatusChange | None
) -> Card:
    """Who ended the last subscription, and what was known of the job then: no clock runs on it,
    and no link may go dead. `change` is its latest, if there was one."""
    is_gone = change is not None and change.step.after == NO_JOB
    title = f"{job.name} (job {job.id})" if job.name else job_words(job)
    return Card(
        summary=f"{title}. No longer followed here. {_last_seen_sentence(job, is_gone=is_gone)}",
        lines=(
            (Strong(job_words(job)), *((f"  ·  job {job.id}",) if job.name else ())),
            ("No longer followed here, by ", Person(unfollowed.by), "."),
        ),
        notes=(_last_seen(job, is_gone=is_gone),),
        controls=() if is_gone else _again(job),
    )


def _last_seen_sentence(job: VisualizationJob, *, is_gone: bool) -> str:
    if is_gone:
        return gone_sentence(job)
    code, seen = status_code_words(job.status), moment_words(job.read_at)
    return f"It was last seen {seen}: {job.status.word} ({code})."


def _last_seen(job: VisualizationJob, *, is_gone: bool) -> Line:
    state = "deleted" if is_gone else job.status.word
    seen = Moment(job.read_at, TimeStyle.DAY_AND_CLOCK)
    return ("last seen ", seen, f": {state} · ", Code(status_code_words(job.status)))


def _again(job: VisualizationJob) -> tuple[Control, ...]:
    command = Subscribe(job=JobNumber(str(job.id)))
    return (Action(label="Subscribe again", command=command),)
