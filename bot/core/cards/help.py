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
from bot.core.commands.verb import HelpGroup, HelpRow
from bot.core.commands.verbs import VERBS
from bot.core.job import Phase
from bot.core.text import Text, Words, say, sentences


@lru_cache(maxsize=16)
def help_card(command: Help, *, slash_command: str) -> Card:
    """The grammar, with examples and buttons that say them."""
    lines: list[Line] = []
    said: list[Words] = []
    for heading, rows in _HELP[command.verb]:
        if heading:
            lines.append((Strong(heading),))
            said.append(heading)
        for sentence, meaning in rows:
            typed = Code(f"{slash_command} {sentence}")
            lines.append((typed, "  ", meaning))
            said.append(say("{sentence}: {meaning}.", sentence=typed, meaning=meaning))
    return Card(
        subject=say("Help"),
        summary=sentences(*said),
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
_SHARE = HelpRow(
    "… share", say("put it at the end of a question to answer in the channel, for everybody")
)
_HEADINGS: dict[HelpGroup, Text] = {
    HelpGroup.ASK: say("Look up jobs:"),
    HelpGroup.FOLLOW: say("Follow jobs:"),
    HelpGroup.ACT: say("Stop and restart:"),
    HelpGroup.CARE: say("Look after a job:"),
    HelpGroup.CALM: say("Get fewer messages:"),
    HelpGroup.BOT: say("The bot itself:"),
}


def _rows(group: HelpGroup) -> tuple[HelpRow, ...]:
    rows = tuple(verb.overview for verb in VERBS if verb.group is group)
    return (*SHOW_HELP, *rows, _SHARE) if group is HelpGroup.ASK else rows


_Part = tuple[Words, tuple[HelpRow, ...]]
_OVERVIEW: tuple[_Part, ...] = (
    (_PURPOSE, ()),
    *((_HEADINGS[group], _rows(group)) for group in HelpGroup),
)
_HELP: dict[str, tuple[_Part, ...]] = {
    "": _OVERVIEW,
    **{verb.name: (("", verb.help),) for verb in VERBS},
}


def say_button(
    label: Words,
    command: Command,
    emphasis: Emphasis = Emphasis.PLAIN,
    *,
    renews: bool = False,
) -> Action:
    """A button that says a command."""
    return Action(label=label, command=command, emphasis=emphasis, renews_card=renews)
