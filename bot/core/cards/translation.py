"""A card in the language of its reader: afterwards all of its texts are plain words."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from bot.core.cards.card import Strong
from bot.core.cards.cleaning import shown
from bot.core.text import Language, Text, breakable

_T = TypeVar("_T")

# A longer name would push the rest of its sentence out of sight.
_LONGEST_VALUE = 150


def translated(value: _T, language: Language) -> _T:
    """A card, a form, a choice … with each Text in it replaced by words, or by the spans of a line.
    Spaces that must not break are ours alone: foreign ones may."""
    return _translated(value, language)  # type: ignore[no-any-return]  # as it came


def _translated(value: Any, language: Language) -> Any:
    match value:
        case Text():
            return language.words(value, _foreign)
        case str():
            return value if value.isascii() else breakable(value)
        case tuple() if type(value) is tuple:
            parts = tuple(_parts(value, language))
            is_same = len(parts) == len(value) and all(map(_is, parts, value))
            return value if is_same else parts
        case _ if is_dataclass(value) and not isinstance(value, type):
            # What a control says is a sentence of the grammar, and no text for a reader.
            names = [field.name for field in fields(value) if field.name != "command"]
            found = {name: getattr(value, name) for name in names}
            changed = {
                name: new
                for name, old in found.items()
                if (new := _translated(old, language)) is not old
            }
            return replace(value, **changed) if changed else value
        case _:
            return value


def _is(one: object, other: object) -> bool:
    return one is other


def _parts(value: tuple[Any, ...], language: Language) -> Iterator[Any]:
    for item in value:
        if isinstance(item, Text):
            for piece in language.pieces(item, _foreign):
                yield from (piece,) if isinstance(piece, str) else _spans(piece, language)
        else:
            yield from _spans(item, language)


def _spans(item: Any, language: Language) -> Iterator[Any]:
    match item:
        case Strong(text=Text() as text):
            # Code in it is drawn as code.
            for piece in language.pieces(text, _foreign):
                yield Strong(piece) if isinstance(piece, str) else _translated(piece, language)
        case _:
            yield _translated(item, language)


def _foreign(words: str) -> str:
    return shown(breakable(words), _LONGEST_VALUE)
