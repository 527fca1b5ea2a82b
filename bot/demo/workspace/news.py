"""Count the unread messages of a conversation for each person."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.demo.workspace.cast import Channel

Json = dict[str, Any]

_DIRECT = ("dm", "app")


@dataclass(slots=True, kw_only=True)
class News:
    """The number of unread messages, the number of mentions, and the first message that is visible
    outside threads."""

    unread: int = 0
    mentions: int = 0
    first: str | None = None


def note(channel: "Channel", message: Json) -> None:
    """Count a message as unread for everybody but its author. In a channel, a message that is in a
    thread only counts for the people that it mentions."""
    # Slack shows the blocks if there are any, and else the text.
    shown = json.dumps(message.get("blocks") or message.get("text", ""))
    is_hidden = "thread_ts" in message and not message.get("reply_broadcast")
    for user in channel.members - {message["user"]}:
        news = channel.news.setdefault(user, News())
        is_mention = f"<@{user}>" in shown or f'"{user}"' in shown
        news.mentions += is_mention
        news.unread += is_mention or not is_hidden or channel.kind in _DIRECT
        if not is_hidden:
            news.first = news.first or message["ts"]
