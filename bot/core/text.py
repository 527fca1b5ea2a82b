"""Every text for people: an English sentence with named values, translated when it is shown.

The code writes each sentence in English where it needs it. A `Language` is a value that only
renderers have; nothing here reads a catalogue.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import NullTranslations
from string import Formatter
from typing import TypeAlias, TypeVar

from bot.core.chinese_spacing import is_wide, needs_space, without_stray_spaces

#: Keeps a number and its unit, or a name and its id, on one line.
NO_BREAK = "\u00a0"
#: The invisible counterpart between the two characters of a Chinese unit.
JOINER = "\u2060"


def breakable(text: str) -> str:
    """Return the text with normal spaces and without invisible characters, so that it can wrap."""
    return text if text.isascii() else text.replace(NO_BREAK, " ").replace(JOINER, "")


class Fragment:
    """A part of a sentence that each platform draws in its own way: a date, a mention, code."""

    __slots__ = ()

    #: True if it is drawn as written; other fragments become names, dates and links.
    is_as_written = False
    #: True if it stays on the line of the word before it: `until 14:05`.
    clings = False

    @property
    def begins_with_word(self) -> bool:
        """Return True for a date, because the reader's language may begin it with a word: `今天
        14:05`."""
        return False

    @property
    def words(self) -> "Words":
        """Return the fragment as plain words."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Code(Fragment):
    """Literal text: a vendor's name, or a word that somebody typed."""

    text: str

    @property
    def words(self) -> str:
        """Return the literal text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Text:
    """A message of the catalogue with its values. Text between backticks is code."""

    message: str
    values: tuple[tuple[str, "Value"], ...] = ()
    #: The plural message, if the sentence counts something.
    plural: str = ""
    count: int = 0

    def __str__(self) -> str:
        """Return the English sentence, as logs show it."""
        return ENGLISH.plain(self)


#: Words for people: a sentence of ours, or a string that needs no translation.
Words: TypeAlias = str | Text
Value: TypeAlias = str | int | Text | Fragment

_V = TypeVar("_V", bound="Value")


def say(message: str, /, **values: Value) -> Text:
    """Return a whole English sentence; `{name}` stands for a value."""
    return Text(message, tuple(values.items())) if values else _fixed(message)


@cache  # the messages are those of the code
def _fixed(message: str) -> Text:
    return Text(message)


def say_many(one: str, many: str, count: int, /, **values: Value) -> Text:
    """Return a sentence that counts: `one` for a count of 1, else `many`; both may use
    `{count}`."""
    return Text(one, (("count", count), *values.items()), many, count)


def sentences(*parts: Words) -> Words:
    """Return whole sentences, one after the other, without empty ones."""
    return _folded(
        [part for part in parts if part],
        lambda first, following: say("{first} {next}", first=first, next=following),
    )


def enumeration(parts: Sequence[_V]) -> _V | Text | str:
    """Return `a, b, c`."""
    return _folded(
        parts, lambda first, following: say("{first}, {next}", first=first, next=following)
    )


def any_of(parts: Sequence[_V]) -> _V | Text | str:
    """Return `a, b or c`."""
    if len(parts) < 2:
        return enumeration(parts)
    return say("{some} or {last}", some=enumeration(parts[:-1]), last=parts[-1])


def all_of(parts: Sequence[_V]) -> _V | Text | str:
    """Return `a, b and c`."""
    if len(parts) < 2:
        return enumeration(parts)
    return say("{some} and {last}", some=enumeration(parts[:-1]), last=parts[-1])


class Language:
    """The language of a reader. `tag` is its BCP 47 name."""

    def __init__(self, tag: str, catalogue: NullTranslations) -> None:
        self.tag = tag
        self._is_chinese = tag.startswith("zh")
        self._catalogue = catalogue
        # Most of what stands on buttons names nothing; the messages are those of the catalogue.
        self._fixed: dict[str, tuple[str | Fragment, ...]] = {}

    def words(self, words: Words, foreign: Callable[[str], str] = str) -> str:
        """Return the whole sentence as words, for places that draw nothing else."""
        if isinstance(words, str):
            return words
        said = ""
        for piece in self.pieces(words, foreign):
            if isinstance(piece, str):
                said += piece
                continue
            written = self._written(piece)
            if piece.begins_with_word and needs_space(said.rstrip(JOINER), written):
                said += " "
            is_first = not said or said.endswith((". ", "? "))
            if is_first and isinstance(piece.words, Text):
                written = written[:1].upper() + written[1:]
            said += written
        return said

    def plain(self, words: Words) -> str:
        """Return the same with normal spaces: for terminals, programs and notifications."""
        return breakable(self.words(words))

    def pieces(self, text: Text, foreign: Callable[[str], str] = str) -> tuple[str | Fragment, ...]:
        """Return the sentence as words and fragments; `foreign` cleans the values that are not
        ours."""
        if not text.values and text.message in self._fixed:
            return self._fixed[text.message]
        found: list[str | Fragment] = []
        self._expand(text, foreign, found)
        pieces = _joined(self._closed_up(found) if self._is_chinese else found)
        if not text.values:
            self._fixed[text.message] = pieces
        return pieces

    def _closed_up(self, pieces: Sequence[str | Fragment]) -> list[str | Fragment]:
        written = without_stray_spaces([self._drawn(piece) for piece in pieces])
        both = zip(pieces, written, strict=True)
        return [words if isinstance(piece, str) else piece for piece, words in both]

    def _drawn(self, piece: str | Fragment) -> str:
        """How a piece looks; a letter stands for what each platform draws in its own way."""
        if isinstance(piece, str):
            return piece
        if piece.is_as_written:
            return self.words(piece.words)
        return "今x" if piece.begins_with_word else "x"

    def _expand(
        self, text: Text, foreign: Callable[[str], str], found: list[str | Fragment]
    ) -> None:
        """Append the pieces of a sentence to a list. It avoids a list per sentence, since a card
        has dozens."""
        values = dict(text.values)
        for is_code, parts in _parsed(self._message(text)):
            pieces = [] if is_code else found
            for literal, name in parts:
                pieces.append(literal)
                if name:
                    self._expand_value(values[name], foreign, pieces)
            if is_code:
                found.append(Code("".join(map(self._piece_words, pieces))))

    def _expand_value(
        self, value: Value, foreign: Callable[[str], str], found: list[str | Fragment]
    ) -> None:
        if isinstance(value, Fragment):
            found.append(value)
        elif not isinstance(value, Text):
            found.append(foreign(str(value)))
        elif self._is_chinese:  # a sentence is closed up by itself, then within another
            found += self.pieces(value, foreign)
        else:
            self._expand(value, foreign, found)

    def _message(self, text: Text) -> str:
        if text.plural:
            return self._catalogue.ngettext(text.message, text.plural, text.count)
        return self._catalogue.gettext(text.message)

    def _piece_words(self, piece: str | Fragment) -> str:
        return piece if isinstance(piece, str) else self.words(piece.words)

    def _written(self, fragment: Fragment) -> str:
        written = self.words(fragment.words)
        return f"`{written}`" if isinstance(fragment, Code) else written

    def __repr__(self) -> str:
        return f"Language({self.tag!r})"


# A unit of two Chinese characters, behind its number.
_A_UNIT = re.compile(f"({NO_BREAK}[\u3400-\u9fff])([\u3400-\u9fff])")

#: The messages themselves.
ENGLISH = Language("en", NullTranslations())


@lru_cache(maxsize=1024)
def _parsed(message: str) -> tuple[tuple[bool, tuple[tuple[str, str], ...]], ...]:
    """Return for each part of a message whether it is code, and its literals, each with the name
    of the value after it."""
    message = _A_UNIT.sub(rf"\1{JOINER}\2", message)
    return tuple(
        (
            number % 2 == 1,
            tuple((literal, name or "") for literal, name, _, _ in Formatter().parse(part)),
        )
        for number, part in enumerate(message.split("`"))
    )


def _joined(pieces: Iterable[str | Fragment]) -> tuple[str | Fragment, ...]:
    """Join neighbouring words into one piece."""
    joined: list[str | Fragment] = []
    words = ""
    for piece in pieces:
        if isinstance(piece, str):
            words += piece
            continue
        if words:
            joined.append(_clinging(words) if piece.clings else words)
        words = ""
        joined.append(piece)
    if words:
        joined.append(words)
    return tuple(joined)


def _clinging(words: str) -> str:
    """Return words after which no line breaks: a date on a line of its own reads like another
    fact."""
    if words.endswith(" "):
        return words[:-1] + NO_BREAK
    # Chinese words have no room between them: `创建于` is the longest that must not be torn.
    end = len(words)
    while end > 0 and is_wide(words[end - 1]) and words[end - 1].isalnum():
        end -= 1
    if len(words) - end > _LONGEST_WORD:
        end = len(words) - _LONGEST_WORD
    return words[:end] + "".join(char + JOINER for char in words[end:])


_LONGEST_WORD = 3


def _folded(parts: Sequence[_V], join: Callable[[_V | Text, _V | Text], Text]) -> _V | Text | str:
    """Join any number of parts by a message for two of them."""
    level: list[_V | Text] = list(parts)
    while len(level) > 1:
        joined: list[_V | Text] = [join(*two) for two in zip(level[::2], level[1::2], strict=False)]
        level = joined + level[len(level) // 2 * 2 :]
    return level[0] if level else ""
