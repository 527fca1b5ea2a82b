"""What looks like a number and is the id of no job: `1e9`, `0x1F`, `1_000`, `3.14`."""

import re

from bot.core.commands.typed import bare, folded
from bot.core.text import Text, say

# Digits with marks among them, with a power of ten, or to another base.
_NUMBER = re.compile(
    r"[+-]?(?:0[xob][0-9a-f_]++|[.,]?[0-9]++(?:[.,'_/][0-9]++)*+(?:e[+-]?[0-9]++)?%?)",
    re.IGNORECASE,
)


def is_odd_number(word: str) -> bool:
    """True for a number that is not written as ids are. Jobs may be named so all the same."""
    text = bare(folded(word), keep="+%")
    has_digit = any(char.isdecimal() for char in text)
    return has_digit and not text.isdecimal() and _NUMBER.fullmatch(text) is not None


#: Where the ids of jobs are found.
WHERE_IDS_ARE = say("`list` shows every job with its id.")


def unknown_job_words(word: str) -> Text:
    """That no job is called so; of a number, what ids look like."""
    if is_odd_number(word):
        return say("`{word}` is not a job id: ids are whole numbers, such as 205.", word=word)
    return say("I don't know a job called `{word}`.", word=word)
