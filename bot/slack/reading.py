"""What people wrote, freed from Slack's wrapping, as a Request."""

import re
from typing import Any

from bot.core.command import Request
from bot.slack.blocks import PLACE

_ID = re.compile(r"[A-Z0-9]{1,64}")
_TOKEN = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def request_of(text: str, team_id: str, user_id: str, channel_id: str | None) -> Request:
    """What was asked, by whom and where. Raises ValueError for an id unlike Slack's: ids are
    kept."""
    if not all(_ID.fullmatch(given) for given in (user_id, team_id or "T", channel_id or "C")):
        raise ValueError("not an id of Slack's")
    return Request(
        text=text,
        team_id=team_id,
        user_id=user_id,
        channel_id=channel_id or "",
        # Slack's ids begin with the kind of conversation.
        is_direct=(channel_id or "").startswith("D"),
    )


def clicked_sentence(action: dict[str, Any]) -> str:
    """The sentence that a button, a choice or a picked channel says."""
    if place := action.get("selected_conversation"):
        return f"{action['action_id'].removeprefix(PLACE)} to #{place}"
    return action.get("value") or action.get("selected_option", {}).get("value") or ""


def typed_text(text: str) -> str:
    """Typed text without Slack's wrapping of links and its escapes.

    docs.slack.dev/interactivity/implementing-slash-commands (should_escape)
    """
    text = _TOKEN.sub(lambda token: token[1], text)
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text
