"""The cards that ask which job is meant: a search, a question, and jobs to pick from."""

from collections.abc import Iterable, Sequence

from bot.core.cards.card import Action, Card, Choice, Control, Picker, SearchBox, Strong
from bot.core.cards.jobs.job_lines import listed_line
from bot.core.cards.wording import age_words, full_words, state_words, symbol
from bot.core.commands.command import AboutJob, naming
from bot.core.commands.targets.job_reference import JobById, LastJob
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.show import Show
from bot.core.job import VisualizationJob
from bot.core.text import Text, Words, say, say_many, sentences

# Nobody scrolls through more; a part of the name narrows the list.
PICKED_AT_MOST = 100
_FOUND_AT_MOST = 5

_SHOW = Show(LastJob())


def find_card(jobs: Sequence[VisualizationJob], *, command: Find) -> Card:
    """Return a search box over all jobs, with the jobs that the typed text already finds."""
    headline = _find_sentence(len(jobs), command.containing)
    return Card(
        subject=say("Find a job"),
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
        "{count} job has “{text}” in its name or description.",
        "{count} jobs have “{text}” in their names or descriptions.",
        count,
        text=text,
    )


def ambiguous_card(
    typed: str, jobs: Sequence[VisualizationJob], *, asked: AboutJob, sentence: Words
) -> Card:
    """Ask which of several jobs the command is about."""
    if len(jobs) <= 2:
        controls: tuple[Control, ...] = tuple(
            Action(label=label, command=naming(asked, job.id))
            for job, label in zip(jobs, _labels(typed, jobs), strict=True)
        )
    else:
        controls = job_picker(say("Which one?"), jobs, asked=asked)
    question = sentences(sentence, say("Which one?"))
    return Card(
        subject=say("Which job?"),
        summary=question,
        lines=((question,), *(listed_line(job) for job in jobs[:_FOUND_AT_MOST])),
        controls=controls,
    )


def similar_jobs_card(command: AboutJob, jobs: Sequence[VisualizationJob]) -> Card:
    """Ask which of these jobs the word of the command means."""
    typed = command.job.text
    sentence = say("`{word}` may be several jobs.", word=typed)
    return ambiguous_card(typed, jobs, asked=command, sentence=sentence)


def choices(jobs: Iterable[VisualizationJob], *, asked: AboutJob = _SHOW) -> tuple[Choice, ...]:
    """Return jobs as the lines of a picker; picking one runs `asked` with that job."""
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
    return say("{state} ·\u00a0{age}", state=state, age=age) if age else state


def _offer(jobs: Sequence[VisualizationJob]) -> tuple[Control, ...]:
    """Return a button for each of one or two jobs, or a picker for more."""
    if len(jobs) > 2:
        return job_picker(say("Found…"), jobs)
    return tuple(Action(label=full_words(job), command=Show(JobById(job.id))) for job in jobs)


def job_picker(
    placeholder: Words, jobs: Sequence[VisualizationJob], *, asked: AboutJob = _SHOW
) -> tuple[Control, ...]:
    """Return a picker of jobs; nothing without jobs."""
    if not jobs:
        return ()
    return (Picker(placeholder=placeholder, choices=choices(jobs, asked=asked)),)


def _labels(typed: str, jobs: Sequence[VisualizationJob]) -> list[Words]:
    """Return labels that distinguish the jobs: `id` and `name`, or name and id if all match by
    name."""
    if any(str(job.id) == typed for job in jobs):
        return [
            say("id {id}", id=typed) if str(job.id) == typed else say("name {name}", name=job.name)
            for job in jobs
        ]
    return [full_words(job) for job in jobs]
