"""The app manifest, which tells Slack about the app, built from what the code uses.

docs.slack.dev/reference/app-manifest
"""

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

from bot.core.shared_link import unfurled_hosts
from bot.core.text import say
from bot.slack.events import LIFECYCLE_EVENTS
from bot.slack.shortcuts import SHORTCUTS

Json = dict[str, Any]

PATH = "/slack/events"

#: Each scope, and why the app asks for it.
SCOPES = {
    "commands": "the slash command",
    "chat:write": "answers that come late, by direct message or in a thread",
    "app_mentions:read": "the same grammar after @visjob, which also works in threads",
    "im:write": "subscriptions that tell one person, by direct message",
    "channels:read": "to know when we enter or leave a channel, and when it is archived",
    "groups:read": "the same for private channels that we were invited to",
}
#: Scopes that the app asks for but can do without. Without the history scopes, a post whose answer
#: was lost is never sent again; it is shown as unconfirmed instead.
OPTIONAL_SCOPES = {
    "channels:history": say(
        "to find our own message after an unclear answer, not to post it twice"
    ),
    "groups:history": say("the same in private channels"),
    "im:history": say("the same in direct messages; to answer what is written there"),
    "links:read": say("to hear of pasted links that lead to the hosts of VISJOB_LINK_HOSTS"),
    "links:write": say("to show the card of the job behind such a link"),
    "users:read": say(
        "the time zone of a person who says `until 18:00`; that an operator is no guest"
    ),
    "usergroups:read": say("who is in the user groups of VISJOB_OPERATORS"),
}
EVENTS = ("app_home_opened", "app_mention", "message.im", "link_shared", *LIFECYCLE_EVENTS)

_BACKGROUND = "#1f3a5f"

# GovSlack has its own site; docs.slack.dev/govslack
_SITES = {"slack-gov.com": "https://api.slack-gov.com"}
_SITE = "https://api.slack.com"


def manifest(*, command: str, url: str | None, link_hosts: Sequence[str] = ()) -> Json:
    """Return the manifest of a bot that Slack reaches at `url`, or by Socket Mode without one.
    Links to some of the `link_hosts` get a card: see `unfurled_hosts`.

    A second installation, which needs another command, gets another name, too.
    """
    bot_name = command.removeprefix("/")
    events: Json = {"bot_events": list(EVENTS)}
    interactivity: Json = {"is_enabled": True}
    slash: Json = {
        "command": command,
        "description": "How is my TensorBoard job?",
        "usage_hint": "205 | list running | subscribe 205 | help",
        "should_escape": True,
    }
    if url:
        endpoint = url.rstrip("/") + PATH
        slash["url"] = events["request_url"] = endpoint
        interactivity |= {"request_url": endpoint, "message_menu_options_url": endpoint}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "VisJob" if bot_name == "visjob" else bot_name,
            "description": "Tells how TensorBoard jobs in ModelArts are doing",
            "background_color": _BACKGROUND,
        },
        "features": _features(bot_name, slash, unfurled_hosts(link_hosts)),
        "oauth_config": {
            "scopes": {"bot": [*SCOPES, *OPTIONAL_SCOPES], "bot_optional": list(OPTIONAL_SCOPES)}
        },
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "socket_mode_enabled": url is None,
        },
    }


def _features(bot_name: str, slash: Json, hosts: Sequence[str]) -> Json:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": bot_name, "always_online": True},
        "shortcuts": [shortcut._asdict() for shortcut in SHORTCUTS],
        "slash_commands": [slash],
        **({"unfurl_domains": list(hosts)} if hosts else {}),
    }


def manifest_text(*, command: str, url: str | None, link_hosts: Sequence[str] = ()) -> str:
    """Return the manifest as YAML."""
    made = manifest(command=command, url=url, link_hosts=link_hosts)
    return str(yaml.safe_dump(made, sort_keys=False, width=100))


def create_link(*, command: str, url: str | None, api_url: str, link_hosts: Sequence[str]) -> str:
    """Return the address of Slack's page that creates an app from this manifest."""
    content = manifest(command=command, url=url, link_hosts=link_hosts)
    # On one line and with few escapes, as some terminals open no link above 2,083 characters.
    flow = yaml.safe_dump(content, sort_keys=False, width=math.inf, default_flow_style=True)
    written = quote(flow.strip().replace(", ", ","), safe="/:,'")
    site = _SITES.get(urlsplit(api_url).hostname or "", _SITE)
    return f"{site}/apps?new_app=1&manifest_yaml={written}"
