"""Recognize numbers that cannot be ids of jobs: `1e9`, `0x1F`, `1_000`, `3.14`."""

import re

from bot.core.commands.words.typed import bare, folded
from bot.core.text import Text, say

# Digits with separators, with an exponent, or in another base.
_NUMBER = re.compile(
    r"[+-]?(?:0[xob][0-9a-f_]++|[.,]?[0-9]++(?:[.,'_/][0-9]++)*+(?:e[+-]?[0-9]++)?%?)",
    re.IGNORECASE,
)


def is_odd_number(word: str) -> bool:
    """Return whether a word is a number in a notation that ids never have, but names may have."""
    text = bare(folded(word), keep="+%")
    has_digit = any(char.isdecimal() for char in text)
    return has_digit and not text.isdecimal() and _NUMBER.fullmatch(text) is not None


#: A hint that tells people where they find the ids of jobs.
WHERE_IDS_ARE = say("`list` shows every job with its id.")


def unknown_job_words(word: str) -> Text:
    """Return the message that no job has this name, or for a number, what an id looks like."""
    if is_odd_number(word):
        return say("`{word}` is not a job id: ids are whole numbers, such as 205.", word=word)
    if word and not word.strip("0"):
        return say("`{word}` is not a job id.", word=word)
    return say("I don't know a job called `{word}`.", word=word)
