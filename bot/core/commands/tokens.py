"""A typed line as words: quotes, lengths, and how words are repeated to the person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.commands.typed import LONGEST_SENTENCE, bare, folded, visible
from bot.core.errors import BadCommand
from bot.core.text import say

_WORD = re.compile(r'(?:[^\s"]++|"[^"]*+")++')
_QUOTES = str.maketrans({mark: '"' for mark in "“”„‟«»＂〝〞〟❝❞"})
# They say what a word is: part of a name, any text, a channel.
_MEANINGFUL = "_*#"


@dataclass(frozen=True, slots=True)
class Word:
    """One word; a quoted one stands as it was typed, and is never a keyword."""

    text: str
    quoted: bool
    #: The name of the verb that it means, if it means one.
    verb: str = ""
    #: As it was typed, where that is not `text`.
    raw: str = ""

    @property
    def typed(self) -> str:
        """As it was typed; nothing is lost by folding."""
        return self.raw or self.text

    @property
    def keyword(self) -> str:
        """The word as one of the grammar's own, or empty."""
        return "" if self.quoted else self.text.lower()

    @property
    def sentence(self) -> str:
        """As it can be typed again."""
        return f'"{self.text}"' if self.quoted else self.text

    def means(self, keyword: str) -> bool:
        """True if it is this keyword, in whatever decoration."""
        return not self.quoted and bare(self.text).lower() == keyword


def split(text: str, verb_names: Mapping[str, str]) -> list[Word]:
    """The words of a line; `verb_names` gives the verb that a word means. Raises BadCommand."""
    if len(text) > LONGEST_SENTENCE:
        raise BadCommand(
            say(
                "That is {count} characters long; I read at most {most}.",
                count=len(text),
                most=LONGEST_SENTENCE,
            ),
            hint=say("Ask for one job by its id or name."),
        )
    text = plain_quotes(visible(text))
    if text.count('"') % 2:
        raise BadCommand(
            say("A quotation mark has no partner."),
            hint=say('Put the whole text between two of them: `list "my text"`.'),
        )
    words = [_word(match, verb_names) for match in _WORD.findall(text)]
    words = [word for word in words if word.text]
    return [word for word in words if _says_something(word)] or words


def plain_quotes(text: str) -> str:
    """Text with one kind of double quote."""
    return text.translate(_QUOTES)


def joined(words: list[Word]) -> str:
    """The bare text of several words, as it was typed."""
    return " ".join(word.typed for word in words)


def shown(text: str) -> str:
    """The beginning of a person's own words, fit to stand in backticks."""
    text = text.replace("`", "'")
    return text if len(text) <= 60 else f"{text[:59]}…"


def _says_something(word: Word) -> bool:
    return word.quoted or bool(bare(word.text, keep=_MEANINGFUL))


def _word(match: str, verb_names: Mapping[str, str]) -> Word:
    if '"' in match:
        return Word(match.replace('"', ""), quoted=True)
    plain = folded(match)
    text = bare(plain, keep=_MEANINGFUL) or plain
    verb = verb_names.get(bare(text).removeprefix("/").lower(), "")
    return Word(text, quoted=False, verb=verb, raw="" if text == match else match)
