"""Convert words to Slack's text objects: cleaned, within their limits, and without markup."""

from typing import Any, TypeAlias

from bot.core.cards.cleaning import shown
from bot.core.text import JOINER, NO_BREAK, Words, breakable

Json: TypeAlias = dict[str, Any]

#: Slack refuses empty text.
NOTHING = "–"


def escaped(text: str) -> str:
    """Escape Slack's control characters (…/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Return text that Slack has escaped as it was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def kept_spaces(text: str, limit: int) -> str:
    """Return text between two spans with its outer spaces, which cleaning would strip; clean only
    text that is not printable or is too long."""
    is_kept = breakable(text).isprintable() and len(text) <= limit
    return text if is_kept else cleaned(text, limit)


def cleaned(text: str, limit: int) -> str:
    """Clean text as `shown` does, but keep the no-break spaces and joiners of our own texts."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return text  # the usual case
    if JOINER in text:
        whole = text.replace(JOINER, "")
        seen = cleaned(whole, limit)
        return text if seen == whole and len(text) <= limit else seen
    seen = shown(plain := text.replace(NO_BREAK, " "), limit)
    kept = len(seen) - (seen != plain)
    return text[:kept] + seen[kept:] if seen[:kept] == plain[:kept] else seen


def plain_text(text: Words, limit: int) -> Json:
    """Return an object for text in which Slack reads no markup and no emoji."""
    return {"type": "plain_text", "text": cleaned(str(text), limit) or NOTHING, "emoji": False}
