"""Keywords that several verbs share, and functions that build sentences."""

import re
from collections.abc import Collection

from bot.core.commands.words.typed import is_plain

#: Words that begin an option after a target.
OPTIONS = ("for", "in", "to", "until", "as", "preview", "form")

#: Words for the job of the card in whose thread they are written.
PRONOUNS = ("it", "this", "that", "它")

_KEYWORDS = {"share", "last", "project", "all", "everything", *OPTIONS, *PRONOUNS}
_NEEDS_NO_QUOTES = re.compile(r"[\w.:/-]+")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, as the code lists them."""
    return frozenset(text.split())


def quoted(text: str, *, reserved: Collection[str] = ()) -> str:
    """Return a name or a text as people must type it: in quotes if it is a keyword, one of the
    `reserved` words, or would not be read unchanged."""
    if not text:
        return text
    is_keyword = text.lower() in _KEYWORDS or text.lower() in reserved
    is_read_as_it_stands = _NEEDS_NO_QUOTES.fullmatch(text) and is_plain(text)
    return text if is_read_as_it_stands and not is_keyword else f'"{text}"'


def option(name: str, value: str) -> str:
    """Return an option and its value; empty without a value."""
    return f"{name} {value}" if value else ""


def sentence(*parts: str, share: bool = False) -> str:
    """Join the parts that are not empty with blanks; end with `share` if it is set."""
    return " ".join(part for part in (*parts, "share" if share else "") if part)
