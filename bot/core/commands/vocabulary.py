"""The words of the grammar, and how a sentence is put together from them."""

import re

from bot.core.job import Phase

#: Kinds of jobs that `list` can be narrowed to.
LISTED_PHASES = (Phase.RUNNING, Phase.FAILED, Phase.QUEUED, Phase.STOPPED, Phase.FINISHED)
VERBS = (
    "list",
    "find",
    "subscribe",
    "unsubscribe",
    "subscriptions",
    "copy",
    "why",
    "status",
    "redeliver",
    "help",
)
ALIASES = {
    "ls": "list",
    "watch": "subscribe",
    "unwatch": "unsubscribe",
    "watching": "subscriptions",
}
OPTIONS = ("for", "in", "to", "until", "as", "preview")

_KEYWORDS = {
    "share",
    "last",
    "project",
    "all",
    *OPTIONS,
    *VERBS,
    *ALIASES,
    *(phase.value for phase in LISTED_PHASES),
}
_NEEDS_NO_QUOTES = re.compile(r"[\w.:/-]+")


def quoted(text: str) -> str:
    """As it must be typed to be taken for a name or a text."""
    if not text or (_NEEDS_NO_QUOTES.fullmatch(text) and text.lower() not in _KEYWORDS):
        return text
    return f'"{text}"'


def option(name: str, value: str) -> str:
    """Two words, or none without a value."""
    return f"{name} {value}" if value else ""


def sentence(*parts: str, share: bool = False) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in (*parts, "share" if share else "") if part)
