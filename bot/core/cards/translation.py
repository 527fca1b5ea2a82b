"""Translate a card into the language of its reader; all texts in it become plain words."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from operator import is_
from typing import Any, TypeVar

from bot.core.cards.card import Strong
from bot.core.cards.cleaning import shown
from bot.core.text import Language, Text, breakable

_T = TypeVar("_T")

# A longer name would push the rest of its sentence out of sight.
_LONGEST_VALUE = 150


def translated(value: _T, language: Language) -> _T:
    """Return a card, a form or a choice with each Text in it replaced by words, or by the spans of
    a line. Only our own sentences keep spaces that must not break."""
    return _translated(value, language)  # type: ignore[no-any-return]  # the type stays


def _translated(value: Any, language: Language) -> Any:
    kind: Any = type(value)
    if kind is str:
        return breakable(value)
    if kind is Text:
        return language.words(value, _foreign)
    if kind is tuple:
        return _translated_all(value, language)
    changed = {}
    for name in _names(kind):
        before = getattr(value, name)
        after = before and _translated(before, language)  # most fields of most controls are empty
        if after is not before:
            changed[name] = after
    return replace(value, **changed) if changed else value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """Return the fields that may hold text for a reader; a `command` holds none."""
    if not is_dataclass(kind):
        return ()
    return tuple(one.name for one in fields(kind) if one.name != "command" and _is_told(one.type))


def _is_told(kind: object) -> bool:
    return not (isinstance(kind, type) and issubclass(kind, bool | int | datetime | Enum))


def _translated_all(value: tuple[Any, ...], language: Language) -> tuple[Any, ...]:
    parts: list[Any] = []
    for item in value:
        if type(item) is Text:
            for piece in language.pieces(item, _foreign):
                parts += (piece,) if isinstance(piece, str) else _spans(piece, language)
        else:
            parts += _spans(item, language)
    is_same = len(parts) == len(value) and all(map(is_, parts, value))
    return value if is_same else tuple(parts)


def _spans(item: Any, language: Language) -> Sequence[Any]:
    if type(item) is not Strong or type(item.text) is not Text:
        return (_translated(item, language),)
    # Code within the bold text is drawn as code.
    pieces = language.pieces(item.text, _foreign)
    return [
        Strong(piece) if isinstance(piece, str) else _translated(piece, language)
        for piece in pieces
    ]


def _foreign(words: str) -> str:
    return shown(breakable(words), _LONGEST_VALUE)
