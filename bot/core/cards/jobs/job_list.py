"""The card of a list of jobs, with the number of jobs in each state."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.cards.card import Action, Card, Line, Moment, Picker, Strong, TimeStyle
from bot.core.cards.jobs.job_choice import job_picker
from bot.core.cards.jobs.job_lines import listed_line
from bot.core.cards.wording import job_sentence
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.listed import first_of
from bot.core.text import Text, Words, enumeration, say, say_many, sentences

# A longer list would be hard to read; the picker below it has the rest.
LISTED_AT_MOST = 20


def list_card(
    jobs: Sequence[VisualizationJob],
    *,
    command: ListJobs,
    read_at: datetime | None,
    odd_rows: int = 0,
) -> Card:
    """Return the jobs that `command` asks for, in the order of `by_urgency`. `read_at` is None if
    the reader knows the time; `odd_rows` counts the rows that could not be parsed."""
    headline: Words = _list_sentence(jobs, command)
    if odd_rows:
        headline = sentences(headline, odd_rows_sentence(odd_rows))
    lines: list[Line] = [(Strong(headline),)]
    shown = first_of(jobs, LISTED_AT_MOST)
    lines += [listed_line(job) for job in shown]
    if rest := len(jobs) - len(shown):
        lines.append((_more(rest),))
    return Card(
        subject=say("Jobs"),
        summary=sentences(headline, *map(job_sentence, shown)),
        lines=tuple(lines),
        notes=(
            *((_ORDER,) if command.phase is None and len(jobs) > 1 else ()),
            *(((say("as\u00a0of {time}", time=Moment(read_at)),),) if read_at else ()),
        ),
        controls=(
            *job_picker(say("Show one…"), jobs),
            Action(label=say("Refresh"), command=command, renews_card=True),
            *(() if jobs else (Action(label=say("List all"), command=ListJobs()),)),
        ),
    )


def last_list_card(trouble: Card, last: Card, *, read_at: datetime) -> Card:
    """Return the problem, and below it the last list, which was read at `read_at`."""
    seen = say("This is the last list, of {time}.", time=Moment(read_at, TimeStyle.DAY_AND_CLOCK))
    pickers = (one for one in last.controls if isinstance(one, Picker))
    return replace(
        trouble,
        summary=sentences(trouble.summary, seen, last.summary),
        lines=(*trouble.lines, (seen,), *last.lines),
        notes=(*trouble.notes, *last.notes),
        controls=(*pickers, *trouble.controls),
    )


_ORDER: Line = (say("Active jobs first, then failed ones, then the rest; last created first."),)


def _more(rest: int) -> Text:
    return say_many(
        "… and {count} more job. Pick it below, or narrow the list: `list running`, or a part of"
        " a name.",
        "… and {count} more jobs. Pick one below, or narrow the list: `list running`, or a part of"
        " a name.",
        rest,
    )


def odd_rows_sentence(count: int) -> Text:
    """Return how many rows of the list could not be parsed as jobs."""
    return say_many("{count} row could not be read.", "{count} rows could not be read.", count)


def _list_sentence(jobs: Sequence[VisualizationJob], command: ListJobs) -> Text:
    text = command.containing
    if not jobs:
        return _empty_sentence(command.phase, text)
    lost = sum(job.status is JobStatus.LOST for job in jobs) if command.phase else 0
    count: Words = _count_of(command.phase, len(jobs) - lost)
    if lost:
        count = lost_words(lost) if lost == len(jobs) else enumeration([count, lost_words(lost)])
    if text:
        count = say("{count} with “{text}”", count=count, text=text)
    if command.phase:
        return say("{count}.", count=count)
    return say("{count}: {phases}.", count=count, phases=enumeration(_phase_counts(jobs)))


def _empty_sentence(phase: Phase | None, text: str) -> Text:
    if text:
        return _WITHOUT[phase](text)
    return say("{nothing}.", nothing=_EMPTY[phase])


def _count_of(phase: Phase | None, count: int) -> Text:
    match phase:
        case Phase.RUNNING:
            return say_many("{count} running job", "{count} running jobs", count)
        case Phase.FAILED:
            return say_many("{count} failed job", "{count} failed jobs", count)
        case Phase.QUEUED:
            return say_many("{count} queued job", "{count} queued jobs", count)
        case Phase.STOPPED:
            return say_many("{count} stopped job", "{count} stopped jobs", count)
        case Phase.FINISHED:
            return say_many("{count} finished job", "{count} finished jobs", count)
        case _:
            return say_many("{count} job", "{count} jobs", count)


_EMPTY = {
    None: say("No jobs"),
    Phase.RUNNING: say("No running jobs"),
    Phase.FAILED: say("No failed jobs"),
    Phase.QUEUED: say("No queued jobs"),
    Phase.STOPPED: say("No stopped jobs"),
    Phase.FINISHED: say("No finished jobs"),
}


_WITHOUT: dict[Phase | None, Callable[[str], Text]] = {
    None: lambda text: say("No job has “{text}” in its name or description.", text=text),
    Phase.RUNNING: lambda text: say(
        "No running job has “{text}” in its name or description.", text=text
    ),
    Phase.FAILED: lambda text: say(
        "No failed job has “{text}” in its name or description.", text=text
    ),
    Phase.QUEUED: lambda text: say(
        "No queued job has “{text}” in its name or description.", text=text
    ),
    Phase.STOPPED: lambda text: say(
        "No stopped job has “{text}” in its name or description.", text=text
    ),
    Phase.FINISHED: lambda text: say(
        "No finished job has “{text}” in its name or description.", text=text
    ),
}


def _phase_counts(jobs: Sequence[VisualizationJob]) -> list[Words]:
    lost = sum(job.status is JobStatus.LOST for job in jobs)
    counts = {phase: sum(job.status.phase is phase for job in jobs) for phase in _COUNTED}
    counts[Phase.FAILED] -= lost
    counted: list[Words] = []
    for phase, count in counts.items():
        counted += [_COUNTED[phase](count)] if count else []
        counted += [lost_words(lost)] if lost and phase is Phase.FAILED else []
    return counted


def lost_words(count: int) -> Text:
    """Return how many jobs were lost: their phase is failed, but lists count them apart."""
    return say("{count}\u00a0lost", count=count)


# In the order of the list: what is active (what costs money first), what failed, the rest.
_COUNTED = {
    Phase.RUNNING: lambda count: say("{count}\u00a0running", count=count),
    Phase.QUEUED: lambda count: say("{count}\u00a0queued", count=count),
    Phase.STOPPING: lambda count: say("{count}\u00a0stopping", count=count),
    Phase.FAILED: lambda count: say("{count}\u00a0failed", count=count),
    Phase.DELETE_FAILED: lambda count: say("{count}\u00a0not deleted", count=count),
    Phase.FINISHED: lambda count: say("{count}\u00a0finished", count=count),
    Phase.STOPPED: lambda count: say("{count}\u00a0stopped", count=count),
    Phase.UNKNOWN: lambda count: say("{count}\u00a0unknown", count=count),
}
