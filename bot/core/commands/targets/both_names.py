"""References to one job by name and id together, as people copy them: `flowers-tb (205)`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.core.commands.targets.job_reference import is_name
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import folded
from bot.core.commands.words.vocabulary import OPTIONS

_ID = re.compile(r"\(#?([0-9]{1,19})\)[.,;:!?]?")
_NAME = re.compile(r"\(([A-Za-z0-9_-]{1,64})\)[.,;:!?]?")
_TAKING_TEXT = ("find", "list")
# The first of the two words of `(job 205)`.
_LABEL = re.compile(r"\((?:job|id):?", re.IGNORECASE)


def with_one_name(words: Sequence[Word]) -> list[Word]:
    """Return the words with each pair of a name and an id, one in brackets, reduced to the id."""
    if words and words[0].verb in _TAKING_TEXT:
        return list(words)
    found: list[Word] = []
    for word in _without_labels(words):
        typed = folded(word.typed)
        before = found[-1] if found else None
        if before and _may_be_a_name(before) and (number := _ID.fullmatch(typed)):
            found[-1] = replace(word, text=f"id:{number[1]}", raw="")
        elif before and before.text.isdecimal() and _NAME.fullmatch(typed) and not word.verb:
            continue
        else:
            found.append(word)
    return found


def _without_labels(words: Sequence[Word]) -> list[Word]:
    rest = list(words)
    for at, (word, following) in enumerate(pairwise(words)):
        is_labelled = _LABEL.fullmatch(folded(word.typed)) and not word.quoted
        if is_labelled and _ID.fullmatch(f"({folded(following.typed)}"):
            labelled = replace(following, raw=f"({folded(following.typed)}")
            return [*words[:at], labelled, *_without_labels(words[at + 2 :])]
    return rest


def _may_be_a_name(word: Word) -> bool:
    is_free = not word.quoted and not word.verb and word.keyword not in OPTIONS
    return is_free and is_name(word.text) and word.keyword not in ("job", "id", "name", "project")
