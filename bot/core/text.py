"""Every text that a person reads: an English sentence with named values, translated when shown.

A sentence is written where it is needed, in English. No catalogue is read here: a `Language` is a
value, and only what draws for a person has one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from string import Formatter
from typing import TypeAlias, TypeVar

from bot.core.seams import without_stray_spaces

#: Keeps a number and its unit, or a name and its id, on one line.
NO_BREAK = "\u00a0"
#: The same between the two characters of a Chinese unit, where nothing is seen.
JOINER = "\u2060"


def breakable(text: str) -> str:
    """Text that may break at every space, with nothing in it that is not seen."""
    return text.replace(NO_BREAK, " ").replace(JOINER, "")


class Fragment:
    """A part of a sentence that each platform draws in its own way: a date, a mention, code."""

    __slots__ = ()

    #: True where it is drawn as it is written; others become names, dates and links.
    is_as_written = False

    @property
    def words(self) -> "Words":
        """The same where it can only be written."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Code(Fragment):
    """Literal text: a vendor's name, a word that somebody typed."""

    text: str

    @property
    def words(self) -> str:
        """The literal text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the catalogue and its values. What stands between backticks is code."""

    message: str
    values: tuple[tuple[str, "Value"], ...] = ()
    #: The message for other counts than one, where the sentence counts something.
    plural: str = ""
    count: int = 0

    def __str__(self) -> str:
        """In English, as logs have it."""
        return ENGLISH.plain(self)


#: What a person reads: a sentence of ours, or foreign words and symbols that need no translation.
Words: TypeAlias = str | Text
Value: TypeAlias = str | int | Text | Fragment

_V = TypeVar("_V", bound="Value")


def say(message: str, /, **values: Value) -> Text:
    """A whole sentence in English; `{name}` stands for a value."""
    return Text(message, tuple(values.items()))


def say_many(one: str, many: str, count: int, /, **values: Value) -> Text:
    """A sentence that counts: `one` for a count of 1, else `many`; both may name `{count}`."""
    return Text(one, (("count", count), *values.items()), many, count)


def sentences(*parts: Words) -> Words:
    """Whole sentences, one after the other; empty ones are left out."""
    return _folded(
        [part for part in parts if part],
        lambda first, following: say("{first} {next}", first=first, next=following),
    )


def enumeration(parts: Sequence[_V]) -> _V | Text | str:
    """`a, b, c`."""
    return _folded(
        parts, lambda first, following: say("{first}, {next}", first=first, next=following)
    )


def any_of(parts: Sequence[_V]) -> _V | Text | str:
    """`a, b or c`."""
    if len(parts) < 2:
        return enumeration(parts)
    return say("{some} or {last}", some=enumeration(parts[:-1]), last=parts[-1])


def all_of(parts: Sequence[_V]) -> _V | Text | str:
    """`a, b and c`."""
    if len(parts) < 2:
        return enumeration(parts)
    return say("{some} and {last}", some=enumeration(parts[:-1]), last=parts[-1])


class Language:
    """How sentences are written for a reader. `tag` is its BCP 47 name."""

    def __init__(self, tag: str, catalogue: NullTranslations) -> None:
        self.tag = tag
        self._catalogue = catalogue

    def words(self, words: Words, foreign: Callable[[str], str] = str) -> str:
        """The whole sentence, where nothing but words can be drawn."""
        if isinstance(words, str):
            return words
        said = ""
        for piece in self.pieces(words, foreign):
            written = piece if isinstance(piece, str) else self._written(piece)
            is_first = not said or said.endswith((". ", "? "))
            if is_first and isinstance(piece, Fragment) and isinstance(piece.words, Text):
                written = written[:1].upper() + written[1:]
            said += written
        return said

    def plain(self, words: Words) -> str:
        """The same with spaces that may break: for terminals, programs and notifications."""
        return breakable(self.words(words))

    def pieces(self, text: Text, foreign: Callable[[str], str] = str) -> tuple[str | Fragment, ...]:
        """The sentence as words and fragments; `foreign` cleans the values that are not ours."""
        pieces = tuple(self._expanded(text, foreign))
        if not all(isinstance(piece, str) and piece.isascii() for piece in pieces):
            pieces = self._closed_up(pieces)
        return tuple(_joined(pieces))

    def _closed_up(self, pieces: tuple[str | Fragment, ...]) -> tuple[str | Fragment, ...]:
        written = without_stray_spaces([self._drawn(piece) for piece in pieces])
        both = zip(pieces, written, strict=True)
        return tuple(words if isinstance(piece, str) else piece for piece, words in both)

    def _drawn(self, piece: str | Fragment) -> str:
        """How a piece looks; a letter stands for what each platform draws in its own way."""
        if isinstance(piece, str):
            return piece
        return self.words(piece.words) if piece.is_as_written else "x"

    def _expanded(self, text: Text, foreign: Callable[[str], str]) -> Iterator[str | Fragment]:
        values = dict(text.values)
        for is_code, parts in _parsed(self._message(text)):
            found = (
                piece
                for literal, name in parts
                for piece in (literal, *(self._value(values[name], foreign) if name else ()))
            )
            if is_code:
                yield Code("".join(map(self._piece_words, found)))
            else:
                yield from found

    def _value(self, value: Value, foreign: Callable[[str], str]) -> tuple[str | Fragment, ...]:
        match value:
            case Text():
                return self.pieces(value, foreign)
            case Fragment():
                return (value,)
            case _:
                return (foreign(str(value)),)

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
    """For each part of a message: is it code, and its literals, each with the name after it."""
    message = _A_UNIT.sub(rf"\1{JOINER}\2", message)
    return tuple(
        (
            number % 2 == 1,
            tuple((literal, name or "") for literal, name, _, _ in Formatter().parse(part)),
        )
        for number, part in enumerate(message.split("`"))
    )


def _joined(pieces: Iterable[str | Fragment]) -> Iterator[str | Fragment]:
    """Words beside one another become one."""
    words = ""
    for piece in pieces:
        if isinstance(piece, str):
            words += piece
            continue
        if words:
            yield words
        words = ""
        yield piece
    if words:
        yield words


def _folded(parts: Sequence[_V], join: Callable[[_V | Text, _V | Text], Text]) -> _V | Text | str:
    """Any number of parts by a sentence for two of them."""
    level: list[_V | Text] = list(parts)
    while len(level) > 1:
        joined: list[_V | Text] = [join(*two) for two in zip(level[::2], level[1::2], strict=False)]
        level = joined + level[len(level) // 2 * 2 :]
    return level[0] if level else ""
