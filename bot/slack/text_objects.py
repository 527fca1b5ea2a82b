"""Words -> Slack's text objects: cleaned, within their limits, and read as no markup."""

from typing import Any, TypeAlias

from bot.core.cards.cleaning import shown
from bot.core.text import JOINER, NO_BREAK, Words, breakable

Json: TypeAlias = dict[str, Any]

#: Slack refuses empty text.
NOTHING = "–"


def escaped(text: str) -> str:
    """Text without Slack's control characters (…/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def kept_spaces(text: str, limit: int) -> str:
    """Text between two spans keeps its outer spaces, which cleaning would strip."""
    is_kept = breakable(text).isprintable() and len(text) <= limit
    return text if is_kept else cleaned(text, limit)


def cleaned(text: str, limit: int) -> str:
    """As `shown`, but spaces that must not break stay; translation leaves ours alone."""
    if JOINER in text:
        whole = text.replace(JOINER, "")
        seen = cleaned(whole, limit)
        return text if seen == whole and len(text) <= limit else seen
    seen = shown(plain := text.replace(NO_BREAK, " "), limit)
    kept = len(seen) - (seen != plain)
    return text[:kept] + seen[kept:] if seen[:kept] == plain[:kept] else seen


def plain_text(text: Words, limit: int) -> Json:
    """Text in which Slack reads no markup and no emoji."""
    return {"type": "plain_text", "text": cleaned(str(text), limit) or NOTHING, "emoji": False}
