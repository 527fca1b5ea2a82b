"""Links that people write: the bot gets events about links to the app's domains.

https://docs.slack.dev/reference/events/link_shared
"""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.demo.workspace.cast import BOT_USER, Channel
from bot.demo.workspace.outbound import Outbound
from bot.demo.workspace.shared_links import SharedLinks
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]

_URL = re.compile(r"https?://[^\s<>]+")
_AT_MOST = 5
_COMPOSER = "COMPOSER"


class LinkSharing:
    """Sends link_shared events, if the app has the scope for it."""

    def __init__(self, state: WorkspaceState, out: Outbound) -> None:
        self._state = state
        self._out = out

    async def share(self, channel: Channel, message: Json) -> None:
        """Send the event for the links of a posted message."""
        found = {
            "user": message["user"],
            "channel": channel.id,
            "message_ts": message["ts"],
            "source": "conversations_history",
            "is_bot_user_member": BOT_USER in channel.members,
            **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
        }
        await self._tell(message["text"].replace("&amp;", "&"), channel.id, found)

    async def compose(self, channel: Channel, text: str, user: str) -> str:
        """Send the event for a text in the composer, and return the unfurl id, or empty text."""
        found = {
            "user": user,
            "channel": _COMPOSER,
            "source": "composer",
            "is_bot_user_member": BOT_USER in channel.members,
        }
        return await self._tell(text, channel.id, found)

    async def _tell(self, text: str, channel_id: str, found: Json) -> str:
        links = [
            {"url": url, "domain": domain}
            for url in _URL.findall(text)
            if (domain := self._domain_of(url))
        ][:_AT_MOST]
        if not links or "links:read" not in self._state.installation.scopes:
            return ""
        ts = found.get("message_ts", "")
        unfurl_id = f"C0.{ts or self._state.next_ts()}.{len(self._state.shared_links)}"
        self._state.shared_links[unfurl_id] = SharedLinks(
            channel=channel_id,
            ts=ts,
            source=found["source"],
            urls=tuple(link["url"] for link in links),
        )
        event = {"type": "link_shared", **found, "links": links, "unfurl_id": unfurl_id}
        await self._out.event({"message_ts": unfurl_id, **event})
        return unfurl_id

    def _domain_of(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        domains = self._state.unfurl_domains
        return next((d for d in domains if host == d or host.endswith(f".{d}")), "")
