"""Split a typed line into words, and format words to repeat them to the person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.commands.words.typed import LONGEST_SENTENCE, bare, folded, has_picture, visible
from bot.core.errors import BadCommand
from bot.core.text import say

_WORD = re.compile(r'(?:[^\s"]++|"[^"]*+")++')
_QUOTES = str.maketrans({mark: '"' for mark in "“”„‟«»＂〝〞〟❝❞"})
#: docs.slack.dev/messaging/formatting-message-text: an emoji arrives as its name between colons.
EMOJI = re.compile(r":(?:[a-z][a-z0-9_+'-]{0,99}|[+-]1|100):")
# Marks with a meaning: `_` is part of a name, `*` stands for any text, `#` begins a channel.
_MEANINGFUL = "_*#"


@dataclass(frozen=True, slots=True)
class Word:
    """One word. A quoted word is taken as typed, and is never a keyword."""

    text: str
    quoted: bool
    #: The name of the verb that the word means; empty if the word is no verb.
    verb: str = ""
    #: The word as typed; empty if that is `text`.
    raw: str = ""

    @property
    def typed(self) -> str:
        """Return the word as typed, before folding and without loss."""
        return self.raw or self.text

    @property
    def keyword(self) -> str:
        """Return the word in lower case, to compare with keywords; empty for a quoted word."""
        return "" if self.quoted else self.text.lower()

    @property
    def plain(self) -> str:
        """Return the keyword without decoration, and with `'` for `’`."""
        return bare(self.keyword.replace("’", "'"))

    @property
    def sentence(self) -> str:
        """Return the word as a person can type it again, with its quotes."""
        return f'"{self.text}"' if self.quoted else self.text

    def means(self, keyword: str) -> bool:
        """Return whether the word is this keyword, with or without decoration."""
        return not self.quoted and bare(self.text).lower() == keyword


def split(text: str, verb_names: Mapping[str, str]) -> list[Word]:
    """Split a line into words; `verb_names` maps a word to its verb. Raises BadCommand."""
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
    telling = [word for word in words if _says_something(word)]
    return [word for word in telling if not _is_picture(word)] or telling or words


def plain_quotes(text: str) -> str:
    """Replace all kinds of double quotes by the ASCII one."""
    return text.translate(_QUOTES)


def joined(words: list[Word]) -> str:
    """Return the words as typed, with blanks between them."""
    return " ".join(word.typed for word in words)


def shown(text: str) -> str:
    """Return a person's own words, cut to 60 characters, so that they fit between backticks."""
    text = text.replace("`", "'")
    return text if len(text) <= 60 else f"{text[:59]}…"


def _says_something(word: Word) -> bool:
    return word.quoted or bool(bare(word.text, keep=_MEANINGFUL))


def _is_picture(word: Word) -> bool:
    if word.quoted:
        return False
    is_drawn = not any(map(str.isalnum, word.text)) and has_picture(word.text)
    return is_drawn or EMOJI.fullmatch(word.typed) is not None


def _word(match: str, verb_names: Mapping[str, str]) -> Word:
    if '"' in match:
        return Word(match.replace('"', ""), quoted=True)
    plain = folded(match)
    text = bare(plain, keep=_MEANINGFUL) or plain
    verb = verb_names.get(bare(text).removeprefix("/").lower(), "")
    return Word(text, quoted=False, verb=verb, raw="" if text == match else match)
