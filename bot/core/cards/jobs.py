"""Cards about jobs: one job, a list, a search, a question which job."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from bot.core.cards.card import (
    Action,
    Card,
    Choice,
    Control,
    Line,
    Moment,
    Picker,
    SearchBox,
    Strong,
)
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.job_lines import (
    explanation,
    facts_line,
    listed_line,
    read_sentence,
    read_time,
    small_print,
    status_line,
)
from bot.core.cards.status_meaning import meaning, needs_explanation
from bot.core.cards.wording import (
    age_words,
    full_words,
    job_sentence,
    job_words,
    state_words,
    symbol,
)
from bot.core.commands.command import AboutJob, naming
from bot.core.commands.find import Find
from bot.core.commands.job_reference import JobById, JobRef, LastJob
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.show import Show
from bot.core.job import Phase, VisualizationJob
from bot.core.text import Text, Words, enumeration, say, say_many, sentences

# A longer list is a wall; the picker below it still reaches the rest.
LISTED_AT_MOST = 15
# Nobody scrolls through more; a part of the name narrows them.
PICKED_AT_MOST = 100
_FOUND_AT_MOST = 5

_SHOW = Show(LastJob())


# Many people ask for the same job within seconds; they share one read, and one card.
@lru_cache(maxsize=128)
def job_card(
    job: VisualizationJob,
    *,
    link: str,
    ref: JobRef,
    shared: bool = False,
    following: Following = Following.NO,
    act: Action | None = None,
) -> Card:
    """One job. `link` is what `live_link` allows; `ref` is how it was asked for; `following` is
    how the place of a shared card stands to it; `act` is what `act_button` offers."""
    return Card(
        summary=sentences(
            job_sentence(job),
            link_sentence(job, link),
            meaning(job.status) if needs_explanation(job.status) else "",
            read_sentence(job),
        ),
        lines=(status_line(job), *explanation(job), *facts_line(job)),
        notes=(small_print(job, *link_note(job, link), as_of=read_time(job)),),
        controls=job_actions(
            ref,
            card=JobCard.SHARED if shared else JobCard.ANSWER,
            following=following,
            link=link,
            name=job_words(job),
            act=act,
        ),
    )


def list_card(
    jobs: Sequence[VisualizationJob],
    *,
    command: ListJobs,
    read_at: datetime,
    project_id: str,
    odd_rows: int = 0,
) -> Card:
    """The jobs that `command` asks for, newest first; `odd_rows` of the list could not be read."""
    headline: Words = _list_sentence(jobs, command)
    if odd_rows:
        headline = sentences(headline, odd_rows_sentence(odd_rows))
    lines: list[Line] = [(Strong(headline),)]
    lines += [listed_line(job) for job in jobs[:LISTED_AT_MOST]]
    if len(jobs) > LISTED_AT_MOST:
        rest = len(jobs) - LISTED_AT_MOST
        lines.append((_more(rest),))
    return Card(
        summary=sentences(headline, *map(job_sentence, jobs[:LISTED_AT_MOST])),
        lines=tuple(lines),
        notes=(
            (say("project {id}", id=project_id),),
            (say("as of {time}", time=Moment(read_at)),),
        ),
        controls=(
            *_picker(say("Show one…"), jobs),
            Action(label=say("Refresh"), command=command, renews_card=True),
            *(() if jobs else (Action(label=say("List all"), command=ListJobs()),)),
        ),
    )


def _more(rest: int) -> Text:
    return say_many(
        "… and {count} more job. Pick it below, or narrow the list: `list running`, or a part of"
        " a name.",
        "… and {count} more jobs. Pick one below, or narrow the list: `list running`, or a part of"
        " a name.",
        rest,
    )


def odd_rows_sentence(count: int) -> Text:
    """How many rows of the list are no jobs."""
    return say_many("{count} row could not be read.", "{count} rows could not be read.", count)


def find_card(jobs: Sequence[VisualizationJob], *, command: Find) -> Card:
    """A search box over all jobs, with what the typed text already finds."""
    headline = _find_sentence(len(jobs), command.containing)
    return Card(
        summary=headline,
        lines=((Strong(headline),), *(listed_line(job) for job in jobs[:_FOUND_AT_MOST])),
        controls=(SearchBox(placeholder=say("Type a name or an id")), *_offer(jobs)),
    )


def _find_sentence(count: int, text: str) -> Text:
    if not text:
        return say("Which job? Type a part of its name.")
    if not count:
        return say("No job has “{text}” in its name.", text=text)
    return say_many(
        "{count} job has “{text}” in its name.",
        "{count} jobs have “{text}” in their names.",
        count,
        text=text,
    )


def ambiguous_card(
    typed: str, jobs: Sequence[VisualizationJob], *, asked: AboutJob, sentence: Words
) -> Card:
    """Ask which of several jobs the sentence is about."""
    if len(jobs) <= 2:
        controls: tuple[Control, ...] = tuple(
            Action(label=label, command=naming(asked, job.id))
            for job, label in zip(jobs, _labels(typed, jobs), strict=True)
        )
    else:
        controls = _picker(say("Which one?"), jobs, asked=asked)
    question = sentences(sentence, say("Which one?"))
    return Card(
        summary=question,
        lines=((question,), *(listed_line(job) for job in jobs[:_FOUND_AT_MOST])),
        controls=controls,
    )


def choices(jobs: Iterable[VisualizationJob], *, asked: AboutJob = _SHOW) -> tuple[Choice, ...]:
    """Jobs as the lines of a picker; picking one says `asked` of it."""
    return tuple(
        Choice(
            label=say("{symbol} {name}", symbol=symbol(job.status), name=full_words(job)),
            command=naming(asked, job.id),
            detail=_state_and_age(job),
        )
        for job in list(jobs)[:PICKED_AT_MOST]
    )


def _state_and_age(job: VisualizationJob) -> Text:
    state, age = state_words(job.status), age_words(job)
    return say("{state} · {age}", state=state, age=age) if age else state


def link_sentence(job: VisualizationJob, link: str) -> Words:
    """Whether TensorBoard can be opened, where people would expect that it can."""
    if link:
        return say("TensorBoard is open.")
    return say("Its TensorBoard link is not offered.") if job.status.has_live_link else ""


def link_note(job: VisualizationJob, link: str) -> tuple[Text, ...]:
    """For the small print: where to learn why no link is offered."""
    if link or not job.status.has_live_link:
        return ()
    return (say("link not offered, see Details"),)


def _offer(jobs: Sequence[VisualizationJob]) -> tuple[Control, ...]:
    """One or two are buttons; more are a picker."""
    if len(jobs) > 2:
        return _picker(say("Found…"), jobs)
    return tuple(Action(label=full_words(job), command=Show(JobById(job.id))) for job in jobs)


def _picker(
    placeholder: Words, jobs: Sequence[VisualizationJob], *, asked: AboutJob = _SHOW
) -> tuple[Control, ...]:
    if not jobs:
        return ()
    return (Picker(placeholder=placeholder, choices=choices(jobs, asked=asked)),)


def _labels(typed: str, jobs: Sequence[VisualizationJob]) -> list[Words]:
    """Labels that distinguish the jobs: `id` and `name`, or name and id where all match by name."""
    if any(str(job.id) == typed for job in jobs):
        return [
            say("id {id}", id=typed) if str(job.id) == typed else say("name {name}", name=job.name)
            for job in jobs
        ]
    return [full_words(job) for job in jobs]


def _list_sentence(jobs: Sequence[VisualizationJob], command: ListJobs) -> Text:
    text = command.containing
    if not jobs:
        return _empty_sentence(command.phase, text)
    count = _count_of(command.phase, len(jobs))
    if text:
        count = say("{count} with “{text}”", count=count, text=text)
    if command.phase:
        return say("{count}.", count=count)
    return say("{count}: {phases}.", count=count, phases=enumeration(_phase_counts(jobs)))


def _empty_sentence(phase: Phase | None, text: str) -> Text:
    nothing = _EMPTY[phase]
    return (
        say("{nothing} with “{text}”.", nothing=nothing, text=text)
        if text
        else say("{nothing}.", nothing=nothing)
    )


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


def _phase_counts(jobs: Sequence[VisualizationJob]) -> list[Words]:
    counts = {phase: sum(job.status.phase is phase for job in jobs) for phase in Phase}
    return [_COUNTED[phase](count) for phase, count in counts.items() if count]


_COUNTED = {
    Phase.QUEUED: lambda count: say("{count} queued", count=count),
    Phase.RUNNING: lambda count: say("{count} running", count=count),
    Phase.STOPPING: lambda count: say("{count} stopping", count=count),
    Phase.FINISHED: lambda count: say("{count} finished", count=count),
    Phase.STOPPED: lambda count: say("{count} stopped", count=count),
    Phase.FAILED: lambda count: say("{count} failed", count=count),
    Phase.DELETE_FAILED: lambda count: say("{count} not deleted", count=count),
    Phase.UNKNOWN: lambda count: say("{count} unknown", count=count),
}
