"""A sentence on a button: the grammar's own in English, and no word of that in Chinese."""

import re

import pytest

from bot.core.cards.words.typed_words import typed_words
from bot.core.commands.verbs.registry import VERBS
from bot.locale import language_of

CHINESE = language_of("zh-CN")

SENTENCES = [
    # what is typed in Chinese, or glued, is met with these
    ("stop 231", "231"),
    ("restart flowers-tb", "flowers-tb"),
    ("claim 231", "231"),
    ("keep 231 4h", "231 4h"),
    ("keep 231 until 18:00", "231 18:00"),
    ("keep 231 off", "231"),
    ("history 231 7d", "231 7d"),
    ("why last", ""),
    ("subscribe 231 for failed", "231"),
    ("subscribe project for failed,stuck in #ml as card", "#ml"),
    ("unsubscribe all", ""),
    ("snooze here 2h", "2h"),
    ("wake me", ""),
    ("quiet here 22:00-08:00 weekdays except failures", "22:00-08:00"),
    ("digest me at 09:00", "09:00"),
    ("list running", ""),
    ("list", ""),
    ("cost project week", ""),
    # a job may be called like a word of the grammar
    ("stop running", "running"),
    ('why "failed"', '"failed"'),
    ("find here", "here"),
]


@pytest.mark.parametrize(("sentence", "kept"), SENTENCES)
def test_names_and_times_alone_stay_as_they_are(sentence: str, kept: str) -> None:
    label = typed_words(sentence)

    assert str(label).replace(", ", ",") == sentence
    shown = CHINESE.words(label)
    assert re.findall(r"[\x21-\x7e]+", shown) == kept.split()
    assert re.search("[\u4e00-\u9fff]", shown)


@pytest.mark.parametrize("verb", sorted(verb.name for verb in VERBS))
def test_each_verb_has_its_word(verb: str) -> None:
    assert not re.search("[a-z]", CHINESE.words(typed_words(f"{verb} 205")))
