"""Cards about jobs: one job, a list, a search, a question which job."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from bot.core.cards.card import (
    Action,
    Card,
    Choice,
    Code,
    Control,
    Line,
    Moment,
    Picker,
    SearchBox,
    Strong,
    TimeStyle,
)
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.wording import (
    age_words,
    clock_words,
    count_words,
    job_sentence,
    job_words,
    status_code_words,
    symbol,
)
from bot.core.commands.command import AboutJob, naming
from bot.core.commands.find import Find
from bot.core.commands.job_reference import JobById, JobRef, LastJob
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.show import Show
from bot.core.job import Phase, VisualizationJob
from bot.core.text import Words, say, sentences

# A longer list is a wall; the picker below it still reaches the rest.
LISTED_AT_MOST = 15
# Nobody scrolls through more; a part of the name narrows them.
PICKED_AT_MOST = 100

_SHOW = Show(LastJob())


# Many people ask for the same job within seconds; they share one read, and one card.
@lru_cache(maxsize=128)
def job_card(job: VisualizationJob, *, link: str, ref: JobRef, shared: bool = False) -> Card:
    """One job. `link` is what `live_link` allows; `ref` is how it was asked for."""
    return Card(
        summary=f"{job_sentence(job)} {_link_sentence(job, link)}".rstrip()
        + f" Job {job.id}, {status_code_words(job.status)}, as of {clock_words(job.read_at)}.",
        lines=(_job_line(job), _status_line(job)),
        notes=_job_notes(job, link),
        controls=job_actions(
            ref,
            card=JobCard.SHARED if shared else JobCard.ANSWER,
            following=Following.NO,
            link=link,
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
    headline = _list_sentence(jobs, command)
    if odd_rows:
        headline = f"{headline} {odd_rows_sentence(odd_rows)}"
    lines: list[Line] = [(Strong(headline),)]
    lines += [_listed_line(job) for job in jobs[:LISTED_AT_MOST]]
    if len(jobs) > LISTED_AT_MOST:
        rest = count_words(len(jobs) - LISTED_AT_MOST, "more job")
        lines.append((f"… and {rest}. Narrow it: ", Code("list running"), " or a part of a name."))
    return Card(
        summary=" ".join([headline, *map(job_sentence, jobs[:LISTED_AT_MOST])]),
        lines=tuple(lines),
        notes=((f"project {project_id}",), ("as of ", Moment(read_at))),
        controls=(
            *_picker("Show one…", jobs),
            Action(label="Refresh", command=command, renews_card=True),
            *(() if jobs else (Action(label="List all", command=ListJobs()),)),
        ),
    )


def odd_rows_sentence(count: int) -> str:
    """How many rows of the list are no jobs."""
    return f"{count_words(count, 'row')} could not be read."


def find_card(jobs: Sequence[VisualizationJob], *, command: Find) -> Card:
    """A search box over all jobs, with what the typed text already finds."""
    if not command.containing:
        headline = "Which job? Type a part of its name."
    elif jobs:
        headline = f"{count_words(len(jobs), 'job')} with “{command.containing}”."
    else:
        headline = f"No job has “{command.containing}” in its name."
    return Card(
        summary=headline,
        lines=((Strong(headline),), *(_listed_line(job) for job in jobs[:5])),
        controls=(SearchBox(placeholder="Type a name or an id"), *_offer("Found…", jobs)),
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
    return Card(
        summary=sentences(sentence, say("Which one?")),
        lines=((sentences(sentence, say("Which one?")),), *(_listed_line(job) for job in jobs[:5])),
        controls=controls,
    )


def choices(jobs: Iterable[VisualizationJob], *, asked: AboutJob = _SHOW) -> tuple[Choice, ...]:
    """Jobs as the lines of a picker; picking one says `asked` of it."""
    return tuple(
        Choice(
            label=f"{symbol(job.status)} {job_words(job)} · {job.id}",
            command=naming(asked, job.id),
            detail=f"{job.status.word} · {age_words(job)}".rstrip(" ·"),
        )
        for job in list(jobs)[:PICKED_AT_MOST]
    )


def _job_line(job: VisualizationJob) -> Line:
    if not job.name:
        return (Strong(f"job {job.id}"),)
    return (Strong(job.name), f"  ·  job {job.id}")


def _status_line(job: VisualizationJob) -> Line:
    age = age_words(job)
    return (
        f"{symbol(job.status)} ",
        Strong(job.status.word),
        " · ",
        Code(status_code_words(job.status)),
        f" · {age}" if age else "",
    )


def _listed_line(job: VisualizationJob) -> Line:
    age = age_words(job)
    return (
        f"{symbol(job.status)} ",
        Strong(job.name or f"job {job.id}"),
        f"  ·  job {job.id}  ·  {job.status.word}" + (f"  ·  {age}" if age else ""),
    )


def _job_notes(job: VisualizationJob, link: str) -> tuple[Line, ...]:
    notes: list[Line] = []
    if job.description:
        notes.append((job.description,))
    if job.created_at:
        notes.append(("created ", Moment(job.created_at, TimeStyle.DAY_AND_CLOCK)))
    if job.train_url:
        notes.append((job.train_url,))
    if job.resource_id:
        notes.append((f"billed resource {job.resource_id}",))
    if job.status.has_live_link and not link:
        notes.append((_NO_LINK,))
    notes.append(("as of ", Moment(job.read_at)))
    return tuple(notes)


_NO_LINK = "link not offered: it is missing, or its host is not in VISJOB_LINK_HOSTS"


def _link_sentence(job: VisualizationJob, link: str) -> str:
    if link:
        return "TensorBoard is open."
    return "Its TensorBoard link is not offered." if job.status.has_live_link else ""


def _offer(placeholder: str, jobs: Sequence[VisualizationJob]) -> tuple[Control, ...]:
    """One or two are buttons; more are a picker."""
    if len(jobs) > 2:
        return _picker(placeholder, jobs)
    return tuple(
        Action(label=f"{job_words(job)} · {job.id}", command=Show(JobById(job.id))) for job in jobs
    )


def _picker(
    placeholder: Words, jobs: Sequence[VisualizationJob], *, asked: AboutJob = _SHOW
) -> tuple[Control, ...]:
    if not jobs:
        return ()
    return (Picker(placeholder=placeholder, choices=choices(jobs, asked=asked)),)


def _labels(typed: str, jobs: Sequence[VisualizationJob]) -> list[str]:
    """Labels that distinguish the jobs: `id` and `name`, or name and id where all match by name."""
    if any(str(job.id) == typed for job in jobs):
        return [f"id {typed}" if str(job.id) == typed else f"name {job.name}" for job in jobs]
    return [f"{job_words(job)} · {job.id}" for job in jobs]


def _list_sentence(jobs: Sequence[VisualizationJob], command: ListJobs) -> str:
    kind = f"{command.phase.value} job" if command.phase else "job"
    text = f" with “{command.containing}”" if command.containing else ""
    if not jobs:
        return f"No {kind}s{text}."
    headline = f"{count_words(len(jobs), kind)}{text}"
    return f"{headline}." if command.phase else f"{headline}: {_phase_counts(jobs)}."


def _phase_counts(jobs: Sequence[VisualizationJob]) -> str:
    counts = {phase: sum(job.status.phase is phase for job in jobs) for phase in Phase}
    return ", ".join(f"{count} {phase.value}" for phase, count in counts.items() if count)
