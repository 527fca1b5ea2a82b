"""Describe one setting: its names, its meaning, and the words for a wrong value."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import AliasChoices, Field
from pydantic.fields import FieldInfo

from bot.core.text import Words


def setting(
    names: str,
    meaning: str,
    expected: Words,
    example: Words,
    default: object = None,
    *,
    shown: str = "",
    secret: bool = False,
) -> Any:  # as with pydantic's Field, the annotation gives the type
    """Describe one setting; `names` are tried in order, `shown` is the default in words."""
    # The texts need no JSON form, because pydantic makes no schema of the settings.
    words: Any = {"expected": expected, "example": example, "shown": shown}
    return Field(
        default,
        validation_alias=AliasChoices(*names.split()),
        description=meaning,
        repr=not secret,
        json_schema_extra=words,
    )


def names_of(field: FieldInfo) -> tuple[str, ...]:
    """Return the environment variables that a field reads, our own name first."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return tuple(str(choice) for choice in alias.choices)
    return (str(alias),)


def is_secret(field: FieldInfo) -> bool:
    """Return True if the value must never be shown."""
    return not field.repr


def word_of(field: FieldInfo, key: str) -> Words:
    """Return one text of a field's description: expected, example or shown."""
    words: Any = field.json_schema_extra
    return cast("Words", words.get(key, "")) if isinstance(words, Mapping) else ""
