"""Sign requests and wrap events as Slack does. This module sends nothing."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.demo.workspace.cast import APP_ID, BOT_USER, Team

Json = dict[str, Any]

# Slack deprecated this token, but still sends it in every payload.
VERIFICATION_TOKEN = "stand-in-verification-token"  # noqa: S105 (opens nothing)
# https://docs.slack.dev/reference/events: the events that this workspace can cause.
ALL_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_deleted",
        "channel_id_changed",
        "channel_left",
        "channel_rename",
        "channel_unarchive",
        "group_archive",
        "group_deleted",
        "group_left",
        "group_rename",
        "group_unarchive",
        "link_shared",
        "member_joined_channel",
        "member_left_channel",
        "message.im",
        "tokens_revoked",
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """The outer team of an event: in a shared channel, the other company."""

    team_id: str
    enterprise_id: str
    is_shared: bool


def sign(body: str, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers that prove that Slack sent a body."""
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    timestamp = str(int(now.timestamp()))
    base = f"v0:{timestamp}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def event_name(event: Json) -> str:
    """Return the name of an event in a subscription; messages have one name per kind of channel."""
    name = str(event["type"])
    return f"{name}.{event['channel_type']}" if name == "message" else name


def wrap_event(event: Json, *, team: Team, side: Side, now: datetime) -> Json:
    """Return the event_callback of an event, with a new event id; `team` is our workspace."""
    # https://docs.slack.dev/apis/events-api#events-JSON
    seconds = now.timestamp()
    grant = {"team_id": team.id, "user_id": BOT_USER, "is_bot": True}
    enterprise_id = team.enterprise_id or None
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": side.team_id,
        **({"enterprise_id": side.enterprise_id} if side.enterprise_id else {}),
        "context_team_id": team.id,
        "context_enterprise_id": enterprise_id,
        "api_app_id": APP_ID,
        "event": {"event_ts": f"{seconds:.6f}", **event},
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(seconds),
        "authorizations": [
            {"enterprise_id": enterprise_id, **grant, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": side.is_shared,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }
