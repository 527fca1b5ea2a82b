"""The bot parses every sentence that README.md and docs/ tell people to type in Slack."""

import re

import pytest

from bot.core.commands.grammar import parse
from bot.core.commands.mentions.mention import SELF, parse_mention
from bot.core.commands.verbs.registry import VERBS
from bot.core.commands.verbs.show import Show
from tests.doc_pages import GUIDES, Line, code_words, meant

#: Slack's own sentence about the command.
NOT_SAID = {"/visjob is not a valid command"}
SAID = [
    line
    for page in GUIDES
    for line in code_words(page)
    if line.text.startswith("/visjob ") and line.text not in NOT_SAID
]
MENTIONED = [
    line for page in GUIDES for line in code_words(page) if line.text.startswith("@visjob ")
]
VERB_NAMES = {word for verb in VERBS for word in (verb.name, *verb.aliases)}
#: Words of the grammar that are no verbs.
OTHERS = {"last"}


@pytest.mark.parametrize("line", SAID, ids=str)
def test_the_one_parser_reads_each_form_of_a_sentence(line: Line) -> None:
    forms = list(meant(line.text))

    assert forms
    for form in forms:
        command = parse(form)  # raises for a sentence that the bot refuses
        first = form.split()[1]
        is_a_job = bool(re.fullmatch(r"\d+|(?:id|name):\w+", first))
        assert isinstance(command, Show) == (is_a_job or first in OTHERS), form
        assert is_a_job or first in OTHERS | VERB_NAMES, form


def test_a_pattern_means_each_of_its_forms() -> None:
    forms = list(meant("/visjob snooze <job|here> <4h|until 18:00> [in <#ch|dm>] [form]"))

    assert len(forms) == 2 * 2 * 3 * 2
    assert "/visjob snooze 205 until 18:00 in dm form" in forms
    assert "/visjob snooze here 4h" in forms


@pytest.mark.parametrize("line", MENTIONED, ids=str)
def test_a_mention_is_heard(line: Line) -> None:
    text = line.text.replace("@visjob", SELF)

    assert (
        parse_mention(text, names_job=lambda word: word == "flowers-tb", in_thread=True) is not None
    )


def test_the_pages_say_many_sentences() -> None:
    assert len(SAID) > 50
    assert len(MENTIONED) > 2
