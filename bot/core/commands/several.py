"""Several commands in one message: the answer suggests each of them."""

from collections.abc import Sequence

from bot.core.commands.command import Command
from bot.core.commands.verbs.show import Show
from bot.core.errors import BadCommand
from bot.core.text import say

_OFFERED_AT_MOST = 3


def one_at_a_time(asked: Sequence[Command]) -> BadCommand:
    """Return the error for several commands, with a suggestion for each."""
    sentences = tuple(command.text for command in asked[:_OFFERED_AT_MOST])
    if all(isinstance(command, Show) for command in asked):
        return BadCommand(
            say("You named several jobs; I show one at a time."),
            hint=say("Name one of them."),
            suggestions=sentences,
        )
    return BadCommand(
        say("You asked for several things; I do one at a time."),
        hint=say("Send each of them on its own."),
        suggestions=sentences,
    )
