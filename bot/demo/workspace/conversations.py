"""The conversations.* methods of the stand-in workspace."""

from typing import Any

from bot.demo.workspace.calls import Call, Refused
from bot.demo.workspace.cast import BOT_USER, Channel
from bot.demo.workspace.method import Method
from bot.demo.workspace.paging import page
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]

_SCOPE_PREFIX = {"channel": "channels", "private": "groups", "app": "im", "dm": "im"}
_TYPES = {"public_channel": "channel", "private_channel": "private", "im": "app"}
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


def conversation_info(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/conversations.info"""
    channel = _visible(state, call, "read")
    shown = conversation(state, channel)
    if call.get("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"ok": True, "channel": shown}


def conversations(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/conversations.list"""
    kinds = str(call.get("types", "public_channel")).split(",")
    if not kinds or set(kinds) - set(_TYPES):
        raise Refused("invalid_types")
    for kind in kinds:
        call.need_scope(f"{_SCOPE_PREFIX[_TYPES[kind]]}:read")
    wanted = {_TYPES[kind] for kind in kinds}
    found = [
        conversation(state, channel)
        for channel in state.channels.values()
        if channel.kind in wanted
        and (channel.kind == "channel" or BOT_USER in channel.members)
        and not (channel.is_archived and call.get("exclude_archived"))
    ]
    shown, cursor = page(found, call, largest=1000)
    return {"ok": True, "channels": shown, "response_metadata": {"next_cursor": cursor}}


def conversation_members(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/conversations.members"""
    channel = _visible(state, call, "read")
    shown, cursor = page(sorted(channel.members), call, largest=1000)
    return {"ok": True, "members": shown, "response_metadata": {"next_cursor": cursor}}


def open_conversation(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/conversations.open"""
    if call.get("channel"):
        channel = _visible(state, call, "write")
    elif not call.get("users"):
        raise Refused("users_list_not_supplied")
    else:
        users = str(call.get("users")).split(",")
        if len(users) > 1:
            raise Refused("missing_scope", needed="mpim:write", provided=",".join(call.scopes))
        call.need_scope("im:write")
        person = state.people.get(users[0])
        if person is None or person.is_bot:
            raise Refused("user_not_found")
        if person.deleted:
            raise Refused("user_disabled")
        channel = state.direct_message(person.id)
    shown = conversation(state, channel) if call.get("return_im") else {"id": channel.id}
    return {"ok": True, "channel": shown}


def history(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/conversations.history"""
    channel = _visible(state, call, "history")
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    window = state.logs[channel.id].between(*_window(call), inclusive=bool(call.get("inclusive")))
    found = [m for m in reversed(window) if _is_shown_in_channel(m)]
    shown, cursor = page([_dressed(m, call) for m in found], call, largest=999)
    answer = {"ok": True, "messages": shown, "has_more": bool(cursor), "pin_count": 0}
    if call.get("latest"):
        answer["latest"] = call.get("latest")
    return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer


def replies(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/conversations.replies"""
    channel = _visible(state, call, "history")
    if BOT_USER not in channel.members:
        raise Refused("channel_not_found")
    found = state.thread(channel.id, str(call.get("ts")))
    if not found:
        raise Refused("thread_not_found")
    low, high = _window(call)
    # Every page contains the parent, also outside the time window.
    kept = [m for m in found[1:] if _is_between(float(m["ts"]), low, high, call)]
    kept = [*found[:1], *kept]
    shown, cursor = page([_dressed(m, call) for m in kept], call, largest=1000, default=1000)
    answer = {"ok": True, "messages": shown, "has_more": bool(cursor)}
    return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer


def conversation(state: WorkspaceState, channel: Channel) -> Json:
    """Return a channel in the form of the Web API."""
    common = {"id": channel.id, "created": 1_700_000_000, "is_archived": channel.is_archived}
    if channel.kind in ("dm", "app"):
        other = next(iter(channel.members - {BOT_USER}), BOT_USER)
        return {**common, "is_im": True, "user": other, "is_org_shared": False, "is_open": True}
    return {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": channel.name == "general",
        "is_member": BOT_USER in channel.members,
        "is_shared": bool(channel.partner_id),
        "is_ext_shared": bool(channel.partner_id),
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "context_team_id": state.team.id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def known_channel(state: WorkspaceState, call: Call) -> Channel:
    """Return the channel of a call, if the bot may know of it. Raises Refused."""
    channel = state.find_channel(call.get("channel"))
    if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
        raise Refused("channel_not_found")
    return channel


def _visible(state: WorkspaceState, call: Call, right: str) -> Channel:
    channel = known_channel(state, call)
    call.need_scope(f"{_SCOPE_PREFIX[channel.kind]}:{right}")
    return channel


def _window(call: Call) -> tuple[float, float]:
    """Return the time window of a call."""
    bounds = []
    for name, default in (("oldest", "0"), ("latest", "inf")):
        value = str(call.get(name, default))
        if not value.replace(".", "", 1).isdigit() and value not in ("now", "inf"):
            raise Refused(f"invalid_ts_{name}")
        bounds.append(float("inf") if value == "now" else float(value))
    return bounds[0], bounds[1]


def _is_between(time: float, low: float, high: float, call: Call) -> bool:
    return low <= time <= high if call.get("inclusive") else low < time < high


def _is_shown_in_channel(message: Json) -> bool:
    is_reply = message.get("thread_ts", message["ts"]) != message["ts"]
    return not is_reply or message.get("subtype") == "thread_broadcast"


def _dressed(message: Json, call: Call) -> Json:
    shown = dict(message)
    if not call.get("include_all_metadata"):
        shown.pop("metadata", None)
    return shown


_PAGED = ("cursor", "limit")
_WINDOW = (*_PAGED, "include_all_metadata", "inclusive", "latest", "oldest")
CONVERSATION_METHODS = {
    "conversations.info": Method(
        run=conversation_info,
        required=("channel",),
        optional=("include_locale", "include_num_members"),
        scopes=_READ,
    ),
    "conversations.list": Method(
        run=conversations,
        optional=("cursor", "exclude_archived", "limit", "team_id", "types"),
        scopes=_READ,
        per_minute=20,
    ),
    "conversations.members": Method(
        run=conversation_members,
        required=("channel",),
        optional=_PAGED,
        scopes=_READ,
        per_minute=100,
    ),
    "conversations.open": Method(
        run=open_conversation,
        optional=("channel", "prevent_creation", "return_im", "users"),
        scopes=("channels:manage", "groups:write", "im:write", "mpim:write"),
    ),
    "conversations.history": Method(
        run=history, required=("channel",), optional=_WINDOW, scopes=_HISTORY
    ),
    "conversations.replies": Method(
        run=replies, required=("channel", "ts"), optional=_WINDOW, scopes=_HISTORY
    ),
}
