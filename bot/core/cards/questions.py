"""Cards that answer a sentence which is not quite one: they ask, or show the way."""

from collections.abc import Sequence

from bot.core.cards.card import Action, Card, Control, Emphasis, Picker
from bot.core.cards.jobs import choices
from bot.core.commands.command import AboutJob
from bot.core.commands.help import Help
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.open_console import OpenConsole
from bot.core.commands.show import Show
from bot.core.job import VisualizationJob
from bot.core.text import say, sentences


def which_card(asked: AboutJob, jobs: Sequence[VisualizationJob]) -> Card:
    """Ask which job a sentence is about that names none."""
    verb = asked.text.split()[0]
    question = say("`{verb}` needs a job. Which one?", verb=verb)
    example = say("For example: `{verb} {job}`", verb=verb, job=205)
    picker: tuple[Control, ...] = ()
    if jobs:
        picker = (Picker(placeholder=say("Which job?"), choices=choices(jobs, asked=asked)),)
    return Card(
        summary=sentences(question, example),
        lines=((question,), (example,)),
        controls=(
            *picker,
            _LIST_ALL,
            _HELP,
        ),
    )


def no_jobs_card(command: ListJobs, nearest: ListJobs) -> Card:
    """No job has the text, which is nearly a word of the list."""
    words = sentences(
        say("No job has “{text}” in its name.", text=command.containing),
        say("Did you mean `{sentence}`?", sentence=nearest.text),
    )
    return Card(
        summary=words,
        lines=((words,),),
        controls=(
            Action(label=nearest.text, command=nearest, emphasis=Emphasis.PRIMARY),
            _HELP,
        ),
    )


def console_card(command: OpenConsole, *, url: str) -> Card:
    """Where a job can be stopped or restarted."""
    words = _IN_THE_CONSOLE[command.action]
    show = Show(command.job)
    controls: list[Control] = []
    if url:
        controls.append(
            Action(label=say("Open console"), command=show, emphasis=Emphasis.PRIMARY, url=url)
        )
    if name := command.job.text.removeprefix("id:"):
        controls.append(Action(label=say("Show {job}", job=name), command=show))
    return Card(summary=words, lines=((words,),), controls=tuple(controls))


_HELP = Action(label=say("Help"), command=Help())
_LIST_ALL = Action(label=say("List all"), command=ListJobs())
_IN_THE_CONSOLE = {
    "stop": say("I only read jobs; stop it in the console."),
    "restart": say("I only read jobs; restart it in the console."),
}
