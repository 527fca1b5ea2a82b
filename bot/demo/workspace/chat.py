"""The chat.* methods of the stand-in workspace."""

from collections.abc import Collection
from typing import Any

from bot.demo.workspace.calls import Call, Refused, check_message_blocks
from bot.demo.workspace.cast import APP_ID, BOT_ID, BOT_USER, Channel
from bot.demo.workspace.conversations import known_channel
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]

# https://docs.slack.dev/changelog/2018-truncating-really-long-messages
TEXT_CUT = 40_000
# https://docs.slack.dev/reference/methods/chat.update
UPDATE_TEXT_LIMIT = 4_000
METADATA_LIMIT = 16_000
ATTACHMENTS = 100


def post_message(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/chat.postMessage"""
    channel = _writable_channel(state, call)
    body = message_body(state, call)
    warnings = []
    if len(body["text"]) > TEXT_CUT:
        body["text"] = body["text"][:TEXT_CUT]
        warnings = ["message_truncated"]
    if thread_ts := call.get("thread_ts"):
        body |= _reply_fields(state, call, channel, str(thread_ts))
    if (metadata := call.get("metadata")) is not None:
        body["metadata"] = _checked_metadata(metadata)
    message = state.post(channel.id, body)
    answer = {"ok": True, "channel": channel.id, "ts": message["ts"], "message": dict(message)}
    if warnings:
        answer |= {"warning": ",".join(warnings), "response_metadata": {"warnings": warnings}}
    return answer


def update(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/chat.update"""
    channel = known_channel(state, call)
    message = _own_message(state, channel, call, otherwise="cant_update_message")
    if channel.is_archived:
        raise Refused("is_inactive")
    if len(str(call.get("text", ""))) > UPDATE_TEXT_LIMIT:
        raise Refused("msg_too_long")
    body = _changes(call, message, unknown=state.unknown_blocks)
    if call.get("reply_broadcast"):
        if "thread_ts" not in message or message["thread_ts"] == message["ts"]:
            raise Refused("cant_broadcast_message")
        body["subtype"] = "thread_broadcast"
    body["edited"] = {"user": BOT_USER, "ts": state.next_ts()}
    state.edit(channel.id, message, body)
    shown = {"ok": True, "channel": channel.id, "ts": message["ts"], "text": message["text"]}
    return {**shown, "message": dict(message)}


def delete(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/chat.delete"""
    channel = known_channel(state, call)
    message = _own_message(state, channel, call, otherwise="cant_delete_message")
    state.delete(channel.id, message["ts"])
    return {"ok": True, "channel": channel.id, "ts": call.get("ts")}


def post_ephemeral(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/chat.postEphemeral"""
    channel = _writable_channel(state, call)
    if call.get("user") not in channel.members:
        raise Refused("user_not_in_channel")
    body = message_body(state, call)
    if len(body["text"]) > TEXT_CUT:
        raise Refused("msg_too_long")
    if thread_ts := call.get("thread_ts"):
        body["thread_ts"] = thread_ts
    message = state.post_ephemeral(channel.id, call.get("user"), body)
    return {"ok": True, "message_ts": message["ts"]}


def message_body(state: WorkspaceState, call: Call) -> Json:
    """Return the stored fields of a message that the app posts."""
    blocks = check_message_blocks(call, unknown=state.unknown_blocks)
    attachments = _checked_attachments(call)
    text = _checked_text(call, has_more=bool(blocks or attachments))
    body: Json = {"text": text, "bot_id": BOT_ID, "app_id": APP_ID, "team": state.team.id}
    if blocks:
        body["blocks"] = blocks
    if attachments:
        body["attachments"] = attachments
    if username := call.get("username"):
        call.need_scope("chat:write.customize")
        body["username"] = username
    return body


def _changes(call: Call, old: Json, *, unknown: Collection[str]) -> Json:
    """Return the fields that an update changes: an absent argument changes nothing, an empty one
    removes its field; `unknown` are types of blocks that the workspace does not accept yet."""
    given: Json = {}
    if call.get("blocks") is not None:
        given["blocks"] = check_message_blocks(call, unknown=unknown) or None
    if call.get("attachments") is not None:
        given["attachments"] = _checked_attachments(call) or None
    if (metadata := call.get("metadata")) is not None:
        given["metadata"] = _checked_metadata(metadata) if metadata else None
    kept = {**old, **given}
    has_more = bool(kept.get("blocks") or kept.get("attachments"))
    if "text" in call.arguments or "markdown_text" in call.arguments or not has_more:
        given["text"] = _checked_text(call, has_more=has_more)
    elif not given.keys() & {"blocks", "attachments"}:
        raise Refused("no_text")
    return given


def _checked_attachments(call: Call) -> list[Json]:
    attachments = call.get("attachments", [])
    if len(attachments) > ATTACHMENTS:
        raise Refused("too_many_attachments")
    listed: list[Json] = attachments
    return listed


def _checked_text(call: Call, *, has_more: bool) -> str:
    markdown = call.get("markdown_text")
    if markdown and (call.get("text") or call.get("blocks")):
        raise Refused("markdown_text_conflict")
    text = str(markdown or call.get("text", ""))
    if not (text or has_more):
        raise Refused("no_text")
    return text


def _own_message(state: WorkspaceState, channel: Channel, call: Call, *, otherwise: str) -> Json:
    """Return the bot's message of a call; for one of another author refuse with `otherwise`."""
    message = state.find_message(channel.id, call.get("ts"))
    if message is None or message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    if message["user"] != BOT_USER:
        raise Refused(otherwise)
    return message


def _writable_channel(state: WorkspaceState, call: Call) -> Channel:
    name = call.get("channel")
    if isinstance(name, str) and name in state.people and name != BOT_USER:
        return state.direct_message(name)
    channel = known_channel(state, call)
    if channel.is_archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in call.scopes:
        raise Refused("not_in_channel")
    return channel


def _reply_fields(state: WorkspaceState, call: Call, channel: Channel, thread_ts: str) -> Json:
    parent = state.find_message(channel.id, thread_ts)
    # Slack does not document a thread_ts without a message. Two behaviours are reported: this one,
    # which is harder for a bot, and the error thread_not_found, which a fault can produce.
    if parent is None:
        return {}
    if parent.get("subtype") == "tombstone" and not parent.get("reply_count"):
        raise Refused("cannot_reply_to_message")
    root = parent.get("thread_ts", parent["ts"])
    fields: Json = {"thread_ts": root, "parent_user_id": parent["user"]}
    if call.get("reply_broadcast"):
        fields["subtype"] = "thread_broadcast"
        fields["root"] = {"ts": root, "user": parent["user"], "text": parent["text"]}
    return fields


def _checked_metadata(metadata: object) -> Json:
    if not isinstance(metadata, dict) or not metadata:
        raise Refused("invalid_metadata_format")
    if "event_type" not in metadata and "entities" not in metadata:
        raise Refused("invalid_metadata_schema")
    if "event_type" in metadata and not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_LIMIT:
        raise Refused("metadata_too_large")
    return metadata


_MESSAGE = ("attachments", "blocks", "link_names", "markdown_text", "metadata", "parse", "text")
CHAT_METHODS = {
    "chat.postMessage": Method(
        run=post_message,
        required=("channel",),
        optional=(
            *_MESSAGE,
            "as_user",
            "current_draft_last_updated_ts",
            "icon_emoji",
            "icon_url",
            "mrkdwn",
            "reply_broadcast",
            "thread_ts",
            "unfurl_links",
            "unfurl_media",
            "username",
        ),
        scopes=("chat:write",),
        per_minute=600,
    ),
    "chat.update": Method(
        run=update,
        required=("channel", "ts"),
        optional=(*_MESSAGE, "as_user", "unfurled_attachments", "reply_broadcast", "file_ids"),
        scopes=("chat:write",),
    ),
    "chat.delete": Method(
        run=delete, required=("channel", "ts"), optional=("as_user",), scopes=("chat:write",)
    ),
    "chat.postEphemeral": Method(
        run=post_ephemeral,
        required=("channel", "user"),
        optional=(*_MESSAGE, "as_user", "icon_emoji", "icon_url", "thread_ts", "username"),
        scopes=("chat:write",),
        per_minute=100,
    ),
}
