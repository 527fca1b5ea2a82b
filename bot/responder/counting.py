"""What is counted of an answer: its verb, and what became of it."""

from bot.core.commands.command import Command
from bot.core.commands.show import Show
from bot.core.errors import BotError, JobNotFound, JobSourceError, MessengerError, StoreUnavailable
from bot.core.ports.meter import CommandOutcome


def verb_of(command: Command | None) -> str:
    """Its name in the help; `show` for a job alone, `none` for what is no sentence."""
    if command is None:
        return "none"
    return "show" if isinstance(command, Show) else command.text.partition(" ")[0]


def outcome_of(error: BotError) -> CommandOutcome:
    """Tell what a person did wrong from what others did not do."""
    is_theirs = isinstance(error, JobSourceError | MessengerError | StoreUnavailable)
    if is_theirs and not isinstance(error, JobNotFound):
        return CommandOutcome.FAILED
    return CommandOutcome.REFUSED
