"""Read the texts of settings from the environment, the `.env` file and secret files."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic.fields import FieldInfo
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from bot.config.fields import is_secret, names_of
from bot.config.pipes import SilentPipe, read_file
from bot.config.redaction import printable_path
from bot.core.foreign_words import system_words
from bot.core.text import Text, say

# No secret is longer, and a path may name a device that never ends.
_LARGEST_FILE = 64 * 1024
_QUOTES = "\"'"
_MARK = "\ufeff"

NO_TEXT = say("it is not UTF-8 text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A placeholder for a value that cannot be read; validation turns it into a problem."""

    #: A sentence without its full stop.
    found: Text
    #: True if the path of a file was given, and the file is at fault.
    is_file: bool = False


def texts_in(
    fields: Iterable[FieldInfo], *places: EnvSettingsSource
) -> dict[str, str | Unreadable]:
    """Return the text of each setting that is set, by its first name.

    Our own name overrides the vendors'; for one name, the first of `places` wins. A secret may be
    given as NAME_FILE instead: the path of a file that holds it.
    """
    found = {names_of(field)[0]: _find(field, places) for field in fields}
    return {name: text for name, text in found.items() if text is not None}


def _find(field: FieldInfo, places: Sequence[EnvSettingsSource]) -> str | Unreadable | None:
    for name in names_of(field):
        for place in places:
            if text := _text_of(name, place):
                return text
            if is_secret(field) and (path := _text_of(f"{name}_FILE", place)):
                return path if isinstance(path, Unreadable) else _read_secret(name, path)
    return None


def _text_of(name: str, place: EnvSettingsSource) -> str | Unreadable:
    text = place.env_vars.get(name) or ""
    if isinstance(place, DotEnvSettingsSource):
        # The reader of the file removed the quotes: any that are left belong to the value.
        return text.strip()
    try:
        # If the locale is not UTF-8, Python has decoded the environment wrongly.
        text = os.fsencode(text).decode("utf-8")
    except UnicodeError:
        if any("\ud800" <= char <= "\udfff" for char in text):
            return Unreadable(found=say("{name} cannot be read: {why}", name=name, why=NO_TEXT))
    return _bare(text)


def _bare(text: str) -> str:
    """Strip spaces, the quotes that docker's --env-file leaves, and the mark that Windows adds."""
    text = text.strip().removeprefix(_MARK).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES:
        return text[1:-1].strip()
    return text


def _read_secret(name: str, path: str) -> str | Unreadable:
    variable, shown = f"{name}_FILE", printable_path(path)
    try:
        content = read_file(path, at_most=_LARGEST_FILE + 1)
        text = _bare(content.decode("utf-8-sig"))
    except SilentPipe:
        found = say("{name} is {path}, a pipe into which nobody writes", name=variable, path=shown)
        return Unreadable(found=found, is_file=True)
    except (OSError, ValueError) as error:
        why = system_words(error) if isinstance(error, OSError) else NO_TEXT
        found = say(
            "{name} is {path}, a file that cannot be read: {why}",
            name=variable,
            path=shown,
            why=why,
        )
        return Unreadable(found=found, is_file=True)
    if "\0" in text or len(content) > _LARGEST_FILE:
        found = say("{name} is {path}: that file holds no secret", name=variable, path=shown)
        return Unreadable(found=found, is_file=True)
    if not text:
        found = say("{name} is {path}: that file is empty", name=variable, path=shown)
        return Unreadable(found=found, is_file=True)
    return text
