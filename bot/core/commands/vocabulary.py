"""The words that several verbs share, and how a sentence is put together."""

import re
from collections.abc import Collection

from bot.core.commands.typed import is_plain

#: Words that open an option after a target.
OPTIONS = ("for", "in", "to", "until", "as", "preview", "form")

_KEYWORDS = {"share", "last", "project", "all", *OPTIONS}
_NEEDS_NO_QUOTES = re.compile(r"[\w.:/-]+")


def quoted(text: str, *, reserved: Collection[str] = ()) -> str:
    """`text` as it must be typed to mean a name or a text; `reserved` words would mean something
    else where it stands."""
    if not text:
        return text
    is_keyword = text.lower() in _KEYWORDS or text.lower() in reserved
    is_read_as_it_stands = _NEEDS_NO_QUOTES.fullmatch(text) and is_plain(text)
    return text if is_read_as_it_stands and not is_keyword else f'"{text}"'


def option(name: str, value: str) -> str:
    """An option and its value; empty without a value."""
    return f"{name} {value}" if value else ""


def sentence(*parts: str, share: bool = False) -> str:
    """The parts that are not empty, one after the other."""
    return " ".join(part for part in (*parts, "share" if share else "") if part)
