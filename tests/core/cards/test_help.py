"""The overview of all commands: each stands once, under the heading that its file names."""

import pytest

from bot.core.cards.help import help_card
from bot.core.commands.help import Help
from bot.core.commands.verb import HelpGroup
from bot.core.commands.verbs import VERBS
from tests.make import line_words

HEADINGS = (
    "Look up jobs:",
    "Follow jobs:",
    "Stop and restart:",
    "Look after a job:",
    "Get fewer messages:",
    "The bot itself:",
)


def under_headings() -> dict[str, list[str]]:
    """The lines of the overview below each heading."""
    found: dict[str, list[str]] = {}
    for line in help_card(Help(), slash_command="/visjob").lines[1:]:
        words = line_words(line)
        if words in HEADINGS:
            found[words] = []
        else:
            found[list(found)[-1]].append(words)
    return found


def test_the_headings_stand_in_their_order() -> None:
    assert tuple(under_headings()) == HEADINGS


@pytest.mark.parametrize("verb", VERBS, ids=lambda one: one.name)
def test_a_verb_stands_once_under_its_heading(verb: object) -> None:
    assert verb in VERBS
    [known] = [one for one in VERBS if one is verb]
    heading = HEADINGS[list(HelpGroup).index(known.group)]
    begin = f"/visjob {known.overview.sentence}  "
    where = [
        under for under, lines in under_headings().items() for line in lines if begin in f"{line}  "
    ]
    assert where == [heading]


def test_the_text_says_the_headings_too() -> None:
    text = str(help_card(Help(), slash_command="/visjob").summary)

    assert [text.index(heading) for heading in HEADINGS] == sorted(map(text.index, HEADINGS))
