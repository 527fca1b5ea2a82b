"""Cards that answer a sentence which is not quite one: they ask, or show the way."""

from collections.abc import Sequence

from bot.core.cards.card import Action, Card, Code, Control, Emphasis, Picker
from bot.core.cards.help import say_button
from bot.core.cards.jobs import choices
from bot.core.cards.problem import suggestion_card
from bot.core.commands.command import AboutJob
from bot.core.commands.help import Help
from bot.core.commands.job_reference import ThisJob
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.open_console import OpenConsole
from bot.core.commands.show import Show
from bot.core.job import VisualizationJob


def which_card(asked: AboutJob, jobs: Sequence[VisualizationJob]) -> Card:
    """Ask which job a sentence is about that names none."""
    verb = asked.text.split()[0]
    picker: tuple[Control, ...] = ()
    if jobs:
        picker = (Picker(placeholder="Which job?", choices=choices(jobs, asked=asked)),)
    return Card(
        summary=f"`{verb}` needs a job. Which one? For example: {verb} 205.",
        lines=((Code(verb), " needs a job. Which one?"), ("For example: ", Code(f"{verb} 205"))),
        controls=(*picker, say_button("List all", ListJobs()), say_button("Help", Help())),
    )


def no_jobs_card(command: ListJobs, nearest: ListJobs) -> Card:
    """No job has the text, which is nearly a word of the list."""
    return suggestion_card((f"No job has “{command.containing}” in its name.",), [nearest])


def console_card(command: OpenConsole, *, url: str) -> Card:
    """Where a job can be stopped or restarted."""
    sentence = f"I only read jobs; {command.action} it in the console."
    show = Show(command.job)
    controls: list[Control] = []
    if url:
        controls.append(
            Action(label="Open console", command=show, emphasis=Emphasis.PRIMARY, url=url)
        )
    if not isinstance(command.job, ThisJob):
        controls.append(say_button(f"Show {command.job.text.removeprefix('id:')}", show))
    return Card(
        summary=sentence,
        lines=((f"I only read jobs; {command.action} it in the console:",),),
        controls=tuple(controls),
    )
