"""The help card: what can be typed."""

from functools import lru_cache

from bot.core.cards.button_row import button_row
from bot.core.cards.card import (
    Action,
    Card,
    Code,
    Emphasis,
    Line,
    Strong,
)
from bot.core.commands.command import Command
from bot.core.commands.find import Find
from bot.core.commands.help import Help
from bot.core.commands.job_reference import LastJob
from bot.core.commands.list_jobs import ListJobs
from bot.core.commands.show import SHOW_HELP, Show
from bot.core.commands.status import Status
from bot.core.commands.verb import HelpRow
from bot.core.commands.verbs import VERBS
from bot.core.job import Phase
from bot.core.text import Words, say, sentences


@lru_cache(maxsize=16)
def help_card(command: Help, *, slash_command: str) -> Card:
    """The grammar, with examples and buttons that say them."""
    rows = _HELP[command.verb]
    lines: list[Line] = [
        (Code(f"{slash_command} {sentence}"), "  ", meaning) for sentence, meaning in rows
    ]
    if not command.verb:
        lines.insert(0, (Strong(_PURPOSE),))
    row_sentences = [
        say("{sentence}: {meaning}.", sentence=Code(f"{slash_command} {sentence}"), meaning=meaning)
        for sentence, meaning in rows
    ]
    return Card(
        summary=sentences("" if command.verb else _PURPOSE, *row_sentences),
        lines=tuple(lines),
        controls=button_row(
            say_button(say("List running"), ListJobs(Phase.RUNNING)),
            say_button(say("Find…"), Find()),
            say_button(say("Last job"), Show(LastJob())),
            say_button(say("List all"), ListJobs()),
            say_button(say("Status"), Status()),
        ),
    )


_PURPOSE = say("I report on your ModelArts TensorBoard jobs.")
_SHARE = HelpRow("… share", say("as the last word: answer in the channel, for everybody"))
_OVERVIEW = (*SHOW_HELP, *(verb.overview for verb in VERBS if verb.overview), _SHARE)
_HELP = {"": _OVERVIEW, **{verb.name: verb.help for verb in VERBS}}


def say_button(
    label: Words,
    command: Command,
    emphasis: Emphasis = Emphasis.PLAIN,
    *,
    renews: bool = False,
) -> Action:
    """A button that says a command."""
    return Action(label=label, command=command, emphasis=emphasis, renews_card=renews)
