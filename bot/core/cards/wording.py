"""How we say spans of time, statuses and moments in plain words."""

from datetime import UTC, datetime, timedelta

from bot.core.job import ENDED_PHASES, JobStatus, Phase, VisualizationJob

# The state is never told by colour alone: the word always stands beside the symbol.
_SYMBOLS = {
    Phase.QUEUED: "🕓",
    Phase.RUNNING: "🟢",
    Phase.STOPPING: "🟠",
    Phase.FINISHED: "🔵",
    Phase.STOPPED: "⚪",
    Phase.FAILED: "🔴",
    Phase.DELETE_FAILED: "🔴",
    Phase.UNKNOWN: "❔",
}


def duration_words(span: timedelta) -> str:
    """`33 s`, `41 min`, `2 h 14 min`, `3 d 2 h`: two units at the most, rounded down."""
    seconds = int(span.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if not minutes:
        return f"{seconds} s"
    if not hours:
        return f"{minutes} min"
    if not days:
        return _two_units(hours, "h", minutes % 60, "min")
    return _two_units(days, "d", hours % 24, "h")


def _two_units(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def clock_words(at: datetime) -> str:
    """`14:17 UTC`."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


def second_words(at: datetime) -> str:
    """`14:17:05 UTC`."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def moment_words(at: datetime) -> str:
    """`2026-03-24 12:03 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def symbol(status: JobStatus) -> str:
    """One emoji for the phase."""
    return _SYMBOLS[status.phase]


def status_code_words(status: JobStatus) -> str:
    """The vendor's name beside our word; a code it does not document says so."""
    return status.vendor_name if status.is_listed else f"{status.vendor_name} (unknown to this bot)"


def job_words(job: VisualizationJob) -> str:
    """What to call it: its name, or its id where it has none."""
    return job.name or f"job {job.id}"


def count_words(count: int, noun: str) -> str:
    """`1 job`, `2 jobs`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def age_words(job: VisualizationJob) -> str:
    """How long it has gone on (or went on), as the cloud counts it; empty if it counts none."""
    if not job.duration:
        return ""
    words = duration_words(job.duration)
    return f"ran {words}" if job.status.phase in ENDED_PHASES else words


def job_sentence(job: VisualizationJob) -> str:
    """One full sentence on how a job is."""
    predicate, preposition = _PREDICATES[job.status.phase]
    if job.status is JobStatus.LOST:
        predicate = "was lost"
    if not job.status.is_listed:
        predicate += f" ({job.status.value})"
    span = f" {preposition} {duration_words(job.duration)}" if job.duration and preposition else ""
    return f"{job_words(job)} {predicate}{span}."


# What the job does, and how the span that the cloud counts belongs to it.
_PREDICATES = {
    Phase.QUEUED: ("is queued", "for"),
    Phase.RUNNING: ("is running", "for"),
    Phase.STOPPING: ("is stopping", "after"),
    Phase.FINISHED: ("finished", "after"),
    Phase.STOPPED: ("was stopped", "after"),
    Phase.FAILED: ("failed", "after"),
    Phase.DELETE_FAILED: ("could not be deleted and may still be billed", ""),
    Phase.UNKNOWN: ("has a status that this bot does not know", ""),
}
