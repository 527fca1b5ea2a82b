"""Cards that answer an incomplete or misspelt command with a question."""

from collections.abc import Sequence

from bot.core.cards.bot.help import say_button
from bot.core.cards.bot.problem import HELP_BUTTON, suggestion_card
from bot.core.cards.card import Card, Control, Picker
from bot.core.cards.jobs.job_choice import choices
from bot.core.commands.command import AboutJob
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.job import VisualizationJob
from bot.core.text import say, sentences


def which_card(asked: AboutJob, jobs: Sequence[VisualizationJob]) -> Card:
    """Ask for the job of a command that names none."""
    verb = asked.text.split()[0]
    picker: tuple[Control, ...] = ()
    if jobs:
        picker = (Picker(placeholder=say("Which job?"), choices=choices(jobs, asked=asked)),)
    question = say("`{verb}` needs a job. Which one?", verb=verb)
    example = say("For example: `{verb} 205`.", verb=verb)
    return Card(
        subject=say("Which job?"),
        summary=sentences(question, example),
        lines=((question,), (example,)),
        controls=(*picker, say_button(say("List all"), ListJobs()), HELP_BUTTON),
    )


def no_jobs_card(command: ListJobs, nearest: ListJobs) -> Card:
    """Answer a `list` that matches no job, and whose text is nearly an option: suggest that."""
    return suggestion_card(
        say("No job has “{text}” in its name.", text=command.containing), [nearest]
    )
