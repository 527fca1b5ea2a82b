"""The help card: the commands that people can type."""

from collections.abc import Sequence
from functools import lru_cache

from bot.core.cards.button_row import button_row
from bot.core.cards.card import Action, Card, Choice, Code, Control, Line, Menu, Picker, Strong
from bot.core.commands.targets.job_reference import LastJob
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs
from bot.core.commands.verbs.registry import VERBS
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.status import Status
from bot.core.commands.verbs.verb import HelpGroup
from bot.core.commands.words.tokens import shown
from bot.core.job import Phase
from bot.core.text import Text, Words, enumeration, say, sentences


@lru_cache(maxsize=16)
def help_card(command: Help, *, slash_command: str) -> Card:
    """Return all commands below their headings, or one of them with examples; with buttons."""
    drawn = _of_verb(command.verb, slash_command) if command.verb else _overview(slash_command)
    lines, said = drawn
    if command.unknown:
        none = say("There is no command called `{word}`.", word=shown(command.unknown))
        lines, said = [(none,), *lines], [none, *said]
    return Card(
        subject=say("Help"),
        summary=sentences(*said),
        lines=tuple(lines),
        controls=_verb_controls() if command.verb else _overview_controls(),
    )


_Drawn = tuple[list[Line], list[Words]]


def _of_verb(verb: str, slash_command: str) -> _Drawn:
    lines: list[Line] = []
    said: list[Words] = []
    for sentence, meaning in _HELP[verb]:
        typed = Code(f"{slash_command} {sentence}")
        lines.append((typed, "  ", meaning))
        said.append(say("{sentence}: {meaning}.", sentence=typed, meaning=meaning))
    return lines, said


def _overview(slash_command: str) -> _Drawn:
    """Return the overview, which a phone shows at once; the picker below it explains each
    command."""
    example = Code(f"{slash_command} 205")
    how = say("{example} shows a job: type its id, its name or its link.", example=example)
    lines: list[Line] = [(Strong(_PURPOSE),), (how,)]
    said: list[Words] = [_PURPOSE, how]
    for heading, words in _OVERVIEW:
        lines += [(Strong(heading),), _spaced(words)]
        listed = enumeration([Code(word) for word in words])
        said.append(say("{heading} {commands}.", heading=heading, commands=listed))
    share = say("Add `share` to a question to show everybody the answer.")
    return [*lines, (share,)], [*said, share]


def _spaced(words: Sequence[str]) -> Line:
    return tuple(
        span
        for number, word in enumerate(words)
        for span in ((" ",) * bool(number) + (Code(word),))
    )


def _verb_controls() -> tuple[Control, ...]:
    """Return the buttons of the card for one command. That card replaces the overview, so a button
    leads back."""
    return button_row(
        Action(label=say("List running"), command=ListJobs(Phase.RUNNING)),
        Action(label=say("Find…"), command=Find()),
        Action(label=say("All commands"), command=Help()),
        Action(label=say("Last job"), command=Show(LastJob())),
        Action(label=say("List all"), command=ListJobs()),
        Action(label=say("Status"), command=Status()),
    )


def _overview_controls() -> tuple[Control, ...]:
    return (
        Picker(placeholder=say("Explain a command…"), choices=_EXPLAINED),
        Action(label=say("List running"), command=ListJobs(Phase.RUNNING)),
        Action(label=say("Find…"), command=Find()),
        Menu(
            actions=(
                Action(label=say("Last job"), command=Show(LastJob())),
                Action(label=say("List all"), command=ListJobs()),
                Action(label=say("Status"), command=Status()),
            )
        ),
    )


_PURPOSE = say("I report on your ModelArts TensorBoard jobs.")
_HEADINGS: dict[HelpGroup, Text] = {
    HelpGroup.ASK: say("Ask how a job is, and what it costs:"),
    HelpGroup.FOLLOW: say("Subscribe to jobs, here or by direct message:"),
    HelpGroup.CARE: say("Look after a job:"),
    HelpGroup.CHANNEL: say("Set up this channel:"),
    HelpGroup.OPERATE: say("Stop and restart jobs, and check the bot:"),
}
_IN_GROUPS = tuple((group, [verb for verb in VERBS if verb.group is group]) for group in HelpGroup)
_OVERVIEW = tuple(
    (_HEADINGS[group], tuple(verb.name for verb in verbs)) for group, verbs in _IN_GROUPS
)
_EXPLAINED = tuple(
    Choice(label=verb.overview.sentence, command=Help(verb.name), detail=verb.overview.meaning)
    for _, verbs in _IN_GROUPS
    for verb in verbs
)
_HELP = {verb.name: verb.help for verb in VERBS}
