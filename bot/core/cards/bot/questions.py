"""Cards that answer an incomplete or misspelt command with a question."""

from collections.abc import Sequence

from bot.core.cards.bot.problem import HELP_BUTTON, suggestion_card
from bot.core.cards.card import Action, Card, Control, Picker
from bot.core.cards.jobs.job_choice import choices
from bot.core.commands.command import AboutJob
from bot.core.commands.verbs.list_jobs import OWN_JOBS, ListJobs
from bot.core.commands.verbs.subscriptions import ListSubscriptions
from bot.core.commands.verbs.unsubscribe import Unsubscribe
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
    if isinstance(asked, Unsubscribe):
        listing = Action(label=say("Subscriptions"), command=ListSubscriptions())
    else:
        listing = Action(label=say("List all"), command=ListJobs())
    return Card(
        subject=say("Which job?"),
        summary=sentences(question, example),
        lines=((question,), (example,)),
        controls=(*picker, listing, HELP_BUTTON),
    )


def no_jobs_card(command: ListJobs, nearest: ListJobs) -> Card:
    """Answer a `list` that matches no job, and whose text is nearly an option: suggest that."""
    return suggestion_card(
        say("No job has “{text}” in its name.", text=command.containing), [nearest]
    )


def own_jobs_card() -> Card:
    """Answer `list mine`, if no job is called so."""
    everything = Action(label=say("List all"), command=ListJobs())
    return Card(summary=OWN_JOBS, lines=((OWN_JOBS,),), controls=(everything,))
