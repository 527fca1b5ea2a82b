"""The words for a change: its sentence, its step, and between which reads it was seen."""

from datetime import timedelta

from bot.core.cards.card import Line, Moment, TimeStyle
from bot.core.cards.wording import job_sentence, job_words, status_code_words, symbol
from bot.core.change import NO_JOB, StatusChange, Step
from bot.core.job import JobStatus, Phase, VisualizationJob

#: In place of a phase's symbol: there is no job any more.
GONE_SYMBOL = "🗑️"

# Reads further apart than this say so: the change lies somewhere between them.
_LONG_UNSEEN = timedelta(minutes=2)


def change_sentence(change: StatusChange) -> str:
    """One full sentence on what the job does now."""
    job, step = change.job, change.step
    if step.after == NO_JOB:
        return gone_sentence(job)
    if job.status.phase in (Phase.QUEUED, Phase.RUNNING):
        job = job._replace(duration=None)  # it has only begun
    name = str(job_words(job))
    rest = str(job_sentence(job)).removeprefix(name)
    if step.before == NO_JOB:
        return f"{name} appeared and{rest}"
    return f"{name} was restarted and{rest}" if step.is_restart else f"{name}{rest}"


def gone_sentence(job: VisualizationJob) -> str:
    """The same for a job that was deleted."""
    return f"{job_words(job)} was deleted."


def change_symbol(step: Step) -> str:
    """One emoji for the phase after the step."""
    return GONE_SYMBOL if step.after == NO_JOB else symbol(JobStatus(step.after))


def step_words(step: Step) -> str:
    """`Queued → Running`, or the vendor's names where our words are the same."""
    before, after = step.words
    if step.is_unseen_restart:
        return f"Restarted → {after}"
    if before == after:
        before, after = (
            status_code_words(JobStatus(status)) for status in (step.before, step.after)
        )
    return f"{before} → {after}"


def vendor_step(step: Step) -> str:
    """`JOBSTAT_WAITING → JOBSTAT_RUNNING`, or `JOBSTAT_RUNNING → deleted`."""
    return f"{_vendor_name(step.before, 'new')} → {_vendor_name(step.after, 'deleted')}"


def unseen_note(change: StatusChange) -> tuple[Line, ...]:
    """Between which two reads it happened, if these are far apart; else the time of its message
    says it."""
    before = change.last_seen_at
    if before is None or change.seen_at - before < _LONG_UNSEEN:
        return ()
    style = TimeStyle.DAY_AND_CLOCK
    return (("between ", Moment(before, style), " and ", Moment(change.seen_at, style)),)


def _vendor_name(status: int, without_job: str) -> str:
    return without_job if status == NO_JOB else status_code_words(JobStatus(status))
