"""A typed line as words: quotes, lengths, and how words are repeated to the person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.errors import BadCommand

# A sentence is a line that a person types; more than this is a paste by mistake.
_LONGEST_SENTENCE = 1000
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_QUOTES = str.maketrans({mark: '"' for mark in "“”„‟«»"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word; a quoted one is never a keyword."""

    text: str
    quoted: bool
    #: The name of the verb that it means, if it means one.
    verb: str = ""

    @property
    def keyword(self) -> str:
        """The word as one of the grammar's own, or empty."""
        return "" if self.quoted else self.text.lower()

    @property
    def sentence(self) -> str:
        """As it can be typed again."""
        return f'"{self.text}"' if self.quoted else self.text


def split(text: str, verb_names: Mapping[str, str]) -> list[Word]:
    """The words of a line; `verb_names` gives the verb that a word means. Raises BadCommand."""
    if len(text) > _LONGEST_SENTENCE:
        raise BadCommand(
            f"That is {len(text)} characters long, and a sentence has at most {_LONGEST_SENTENCE}.",
            hint="Ask for one job by its id or name.",
        )
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        raise BadCommand(
            "A quote is opened and not closed.",
            hint='Put the whole text between two quotes: list "my text".',
        )
    words = [_word(match, verb_names) for match in _WORD.findall(text)]
    return [word for word in words if word.text]


def joined(words: list[Word]) -> str:
    """The bare text of several words."""
    return " ".join(word.text for word in words)


def shown(text: str) -> str:
    """The beginning of a person's own words, fit to stand in backticks."""
    text = text.replace("`", "'")
    return text if len(text) <= 60 else f"{text[:59]}…"


def _word(match: str, verb_names: Mapping[str, str]) -> Word:
    if '"' in match:
        return Word(match.replace('"', ""), quoted=True)
    return Word(match, quoted=False, verb=verb_names.get(match.lower(), ""))
