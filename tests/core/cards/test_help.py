"""The overview of all commands: each stands once, under the heading that its file names."""

from textwrap import wrap

import pytest

from bot.core.cards.bot.help import help_card
from bot.core.cards.card import Action, Picker
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.registry import VERBS
from bot.core.commands.verbs.verb import HelpGroup
from tests.make import line_words

HEADINGS = (
    "Ask how a job is, and what it costs:",
    "Subscribe to jobs, here or by direct message:",
    "Look after a job:",
    "Set up this channel:",
    "Stop and restart jobs, and check the bot:",
)
OVERVIEW = help_card(Help(), slash_command="/visjob")


def under_headings() -> dict[str, list[str]]:
    """The words of the overview below each heading."""
    lines = [line_words(line) for line in OVERVIEW.lines]
    return {heading: lines[lines.index(heading) + 1].split() for heading in HEADINGS}


def test_help_for_a_word_that_is_no_command_says_so_before_the_list() -> None:
    card = help_card(Help(unknown="banana"), slash_command="/visjob")

    assert str(card.summary).startswith("There is no command called `banana`.")
    assert card.lines[1:] == OVERVIEW.lines


def test_the_headings_stand_in_their_order() -> None:
    words = [line_words(line) for line in OVERVIEW.lines]

    assert tuple(line for line in words if line in HEADINGS) == HEADINGS


@pytest.mark.parametrize("verb", VERBS, ids=lambda one: one.name)
def test_a_verb_stands_once_under_its_heading(verb: object) -> None:
    [known] = [one for one in VERBS if one is verb]
    heading = HEADINGS[list(HelpGroup).index(known.group)]

    assert [under for under, words in under_headings().items() if known.name in words] == [heading]


@pytest.mark.parametrize("verb", VERBS, ids=lambda one: one.name)
def test_a_pick_explains_a_verb(verb: object) -> None:
    [known] = [one for one in VERBS if one is verb]
    [picker] = [control for control in OVERVIEW.controls if isinstance(control, Picker)]
    [choice] = [one for one in picker.choices if one.command.text == f"help {known.name}"]

    assert str(choice.label).split()[0] == known.name
    # Slack shows no more of an option.
    assert len(str(choice.label)) <= 75
    assert 0 < len(str(choice.detail)) <= 75
    assert "`" not in str(choice.detail)


def test_the_overview_is_no_longer_than_a_screen_of_a_phone() -> None:
    """A line has about 40 letters there, and a message about 24 lines beside its buttons."""
    wrapped = [wrap(line_words(line), 40) for line in OVERVIEW.lines]

    assert sum(map(len, wrapped)) <= 20
    assert len([one for one in OVERVIEW.controls if isinstance(one, Action)]) <= 3


def test_help_of_a_verb_leads_back_to_all_of_them() -> None:
    controls = help_card(Help("why"), slash_command="/visjob").controls

    assert "help" in [one.command.text for one in controls if isinstance(one, Action)]


def test_help_of_a_verb_has_its_sentences_to_type() -> None:
    lines = help_card(Help("list"), slash_command="/vj").lines

    assert all(line_words(line).startswith("/vj ") for line in lines)
    assert len(lines) > 1


def test_the_text_says_the_headings_too() -> None:
    text = str(OVERVIEW.summary)

    assert [text.index(heading) for heading in HEADINGS] == sorted(map(text.index, HEADINGS))
