"""The words for spans of time, moments, statuses and jobs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.core.cards.cleaning import visible
from bot.core.job import ENDED_PHASES, JobStatus, Phase, VisualizationJob
from bot.core.text import Text, Value, Words, say

# Each is visible on white and on black, and its word is always beside it.
_SYMBOLS = {
    Phase.QUEUED: "🕓",
    Phase.RUNNING: "🟢",
    Phase.STOPPING: "🟠",
    Phase.FINISHED: "🔵",
    Phase.STOPPED: "⏹️",
    Phase.FAILED: "🔴",
    Phase.DELETE_FAILED: "🔴",
    Phase.UNKNOWN: "❓",
}

_A_SECOND = timedelta(seconds=1)
_A_MINUTE = timedelta(minutes=1)


def duration_words(span: timedelta) -> Text:
    """Return `33 s`, `41 min`, `2 h 14 min` or `3 d 2 h`: two units at the most, rounded down."""
    seconds = int(span.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if not minutes:
        return say("{seconds}\u00a0s", seconds=seconds)
    if not hours:
        return say("{minutes}\u00a0min", minutes=minutes)
    if not days:
        return _hours(hours, minutes % 60)
    return _days(days, hours % 24)


def hours_words(span: timedelta) -> Text:
    """Return a span without days, for the summed hours of several jobs: `96 h`."""
    minutes = span // _A_MINUTE
    return _hours(minutes // 60, minutes % 60) if minutes >= 60 else duration_words(span)


def _hours(hours: int, minutes: int) -> Text:
    if not minutes:
        return say("{hours}\u00a0h", hours=hours)
    return say("{hours}\u00a0h\u00a0{minutes}\u00a0min", hours=hours, minutes=minutes)


def _days(days: int, hours: int) -> Text:
    if not hours:
        return say("{days}\u00a0d", days=days)
    return say("{days}\u00a0d\u00a0{hours}\u00a0h", days=days, hours=hours)


def clock_words(at: datetime) -> str:
    """Return `14:17 UTC`."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


def second_words(at: datetime) -> str:
    """Return `14:17:05 UTC`."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def moment_words(at: datetime) -> str:
    """Return `2026-03-24 12:03 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def symbol(status: JobStatus) -> str:
    """Return the emoji of the status's phase."""
    return _SYMBOLS[status.phase]


def state_words(status: JobStatus) -> Text:
    """Return our word for a status: `Running`, `Queued`, `Lost` …"""
    return say("Lost") if status is JobStatus.LOST else _STATES[status.phase]


_STATES = {
    Phase.QUEUED: say("Queued"),
    Phase.RUNNING: say("Running"),
    Phase.STOPPING: say("Stopping"),
    Phase.FINISHED: say("Finished"),
    Phase.STOPPED: say("Stopped"),
    Phase.FAILED: say("Failed"),
    Phase.DELETE_FAILED: say("Delete failed"),
    Phase.UNKNOWN: say("Unknown"),
}


def status_code_words(status: JobStatus) -> Words:
    """Return the vendor's name of a status; an undocumented one is marked as unknown."""
    if status.is_listed:
        return status.vendor_name
    return say("{code} (unknown to this bot)", code=status.vendor_name)


def job_words(job: VisualizationJob) -> Words:
    """Return the name of a job, or its id if the name has nothing visible."""
    return visible(job.name) or _nameless(job.id)


def full_words(job: VisualizationJob) -> Text:
    """Return the name of a job with its id: `flowers-tb (205)`, `197 (job 812)`, `Job 330`."""
    return named_words(job.name, job.id)


def called(job: VisualizationJob, style: Callable[[Words], Value]) -> Text:
    """Return the same, with the name in a `style` of its own."""
    return named_words(job.name, job.id, style)


def named_words(
    name: str, job_id: int, style: Callable[[Words], Value] = lambda words: words
) -> Text:
    """Return the same for a job of which only the name and the id are known."""
    name = visible(name)
    if not name:
        return say("{name}", name=style(_nameless(job_id)))
    if name.isdecimal():
        return say("{name}\u00a0(job\u00a0{id})", name=style(name), id=job_id)
    return say("{name}\u00a0({id})", name=style(name), id=job_id)


def _nameless(job_id: int) -> Text:
    return say("Job\u00a0{id}", id=job_id)


def count_words(count: int, noun: str) -> str:
    """Return `1 job`, `2 jobs`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def age_words(job: VisualizationJob) -> Words:
    """Return how long a job has gone on, or went on, by the cloud's count; empty if that is
    missing."""
    span = told_span(job)
    if not span:
        return ""
    if job.status.phase in ENDED_PHASES or job.status.phase is Phase.STOPPING:
        return say("ran\u00a0{span}", span=duration_words(span))
    return duration_words(span)


def told_span(job: VisualizationJob, *, just_changed: bool = False) -> timedelta | None:
    """Return the duration of a job by the cloud's count; None below a second, and below a minute if
    the job has only begun (`just_changed`)."""
    has_begun = just_changed and job.status.phase in (Phase.QUEUED, Phase.RUNNING)
    shortest = _A_MINUTE if has_begun else _A_SECOND
    return job.duration if job.duration is not None and job.duration >= shortest else None


def job_sentence(job: VisualizationJob, *, name: Value = "") -> Text:
    """Return one full sentence on the state of a job; `name` replaces its usual name."""
    name = name or job_words(job)
    if job.status is JobStatus.LOST:
        bare, lasting = _LOST
    elif not job.status.is_listed:
        return say(
            "{name} has status {code}, which this bot does not know.",
            name=name,
            code=job.status.value,
        )
    else:
        bare, lasting = _SENTENCES[job.status.phase]
    span = told_span(job)
    return lasting(name=name, span=duration_words(span)) if span else bare(name=name)


_Sentence = Callable[..., Text]


def _without_span(bare: _Sentence) -> tuple[_Sentence, _Sentence]:
    """Return the sentences of a phase for which the cloud's duration means nothing."""
    return bare, lambda *, name, span: bare(name=name)  # noqa: ARG005 - called with both


_LOST: tuple[_Sentence, _Sentence] = (
    lambda *, name: say("{name} was lost.", name=name),
    lambda *, name, span: say("{name} was lost after {span}.", name=name, span=span),
)
# The sentence without a span, and the one with it.
_SENTENCES: dict[Phase, tuple[_Sentence, _Sentence]] = {
    Phase.QUEUED: (
        lambda *, name: say("{name} is queued.", name=name),
        lambda *, name, span: say("{name} has been queued for {span}.", name=name, span=span),
    ),
    Phase.RUNNING: (
        lambda *, name: say("{name} is running.", name=name),
        lambda *, name, span: say("{name} has been running for {span}.", name=name, span=span),
    ),
    Phase.STOPPING: (
        lambda *, name: say("{name} is stopping.", name=name),
        lambda *, name, span: say("{name} is stopping; it ran {span}.", name=name, span=span),
    ),
    Phase.FINISHED: (
        lambda *, name: say("{name} finished.", name=name),
        lambda *, name, span: say("{name} finished after {span}.", name=name, span=span),
    ),
    Phase.STOPPED: (
        lambda *, name: say("{name} was stopped.", name=name),
        lambda *, name, span: say("{name} was stopped after {span}.", name=name, span=span),
    ),
    Phase.FAILED: (
        lambda *, name: say("{name} failed.", name=name),
        lambda *, name, span: say("{name} failed after {span}.", name=name, span=span),
    ),
    Phase.DELETE_FAILED: _without_span(
        lambda *, name: say("{name} could not be deleted.", name=name)
    ),
    Phase.UNKNOWN: _without_span(
        lambda *, name: say("{name} is in a state that ModelArts calls unknown.", name=name)
    ),
}
