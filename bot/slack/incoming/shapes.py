"""Check that a request has the shape that the listeners read: a signed request may be odd."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from bot.slack.blocks import Json
from bot.slack.incoming.log_once import kind_of
from bot.slack.incoming.reading import id_of, is_of_a_bot


class _Kind(Enum):
    ID = "an id of Slack's"
    TEXT = "a text"
    OBJECT = "an object"
    LIST = "a list"


class _Field(NamedTuple):
    path: str
    kind: _Kind
    is_required: bool = False


_USER = (
    _Field("user", _Kind.OBJECT, is_required=True),
    _Field("user.id", _Kind.ID, is_required=True),
)
_VIEW = (
    _Field("view", _Kind.OBJECT),
    _Field("view.id", _Kind.TEXT),
    _Field("view.type", _Kind.TEXT),
    _Field("view.state", _Kind.OBJECT),
    _Field("view.blocks", _Kind.LIST),
)
_EVENT = (
    _Field("event", _Kind.OBJECT, is_required=True),
    _Field("event.type", _Kind.TEXT, is_required=True),
)
_COMMAND = "command"
#: The fields that the listeners read, by kind of request; an object precedes its own fields.
_FIELDS: Mapping[str, tuple[_Field, ...]] = {
    _COMMAND: (
        _Field("command", _Kind.TEXT, is_required=True),
        _Field("user_id", _Kind.ID, is_required=True),
        _Field("channel_id", _Kind.ID),
        _Field("text", _Kind.TEXT),
        _Field("trigger_id", _Kind.TEXT),
        _Field("response_url", _Kind.TEXT),
    ),
    "block_actions": (
        *_USER,
        *_VIEW,
        _Field("actions", _Kind.LIST, is_required=True),
        _Field("actions.0", _Kind.OBJECT, is_required=True),
        _Field("actions.0.action_id", _Kind.TEXT, is_required=True),
        _Field("actions.0.value", _Kind.TEXT),
        _Field("actions.0.selected_conversation", _Kind.ID),
        _Field("actions.0.selected_option", _Kind.OBJECT),
        _Field("actions.0.selected_option.value", _Kind.TEXT),
        _Field("channel", _Kind.OBJECT),
        _Field("channel.id", _Kind.ID),
        _Field("container", _Kind.OBJECT),
        _Field("trigger_id", _Kind.TEXT),
        _Field("response_url", _Kind.TEXT),
    ),
    "block_suggestion": (
        *_USER,
        _Field("action_id", _Kind.TEXT, is_required=True),
        _Field("value", _Kind.TEXT),
    ),
    "shortcut": (
        *_USER,
        _Field("callback_id", _Kind.TEXT, is_required=True),
        _Field("trigger_id", _Kind.TEXT),
    ),
    "message_action": (
        *_USER,
        _Field("callback_id", _Kind.TEXT, is_required=True),
        _Field("trigger_id", _Kind.TEXT),
        _Field("response_url", _Kind.TEXT),
        _Field("channel", _Kind.OBJECT),
        _Field("channel.id", _Kind.ID),
        _Field("message", _Kind.OBJECT),
    ),
    "view_submission": (
        *_USER,
        _Field("view", _Kind.OBJECT, is_required=True),
        _Field("view.callback_id", _Kind.TEXT, is_required=True),
        *_VIEW[1:],
        _Field("trigger_id", _Kind.TEXT),
    ),
    "app_mention": (
        _Field("event.user", _Kind.ID, is_required=True),
        _Field("event.channel", _Kind.ID, is_required=True),
        _Field("event.text", _Kind.TEXT),
        _Field("event.thread_ts", _Kind.TEXT),
    ),
    "message": (
        _Field("event.user", _Kind.ID),
        _Field("event.channel", _Kind.ID),
        _Field("event.text", _Kind.TEXT),
        _Field("event.subtype", _Kind.TEXT),
        _Field("event.thread_ts", _Kind.TEXT),
    ),
    "link_shared": (
        _Field("event.user", _Kind.ID),
        _Field("event.channel", _Kind.ID),
        _Field("event.links", _Kind.LIST, is_required=True),
        _Field("event.message_ts", _Kind.TEXT),
        _Field("event.unfurl_id", _Kind.TEXT),
        _Field("event.source", _Kind.TEXT),
    ),
    "app_home_opened": (
        _Field("event.user", _Kind.ID, is_required=True),
        _Field("event.tab", _Kind.TEXT),
    ),
}  # fmt: skip


def kind_of_request(body: Json) -> str:
    """Return the kind of a request: `command`, or the type of the interaction or event."""
    return _COMMAND if _COMMAND in body else kind_of(body)


def oddity_of(body: Json) -> str:
    """Return what is odd about a request, in words; empty if the listeners can read it."""
    event = body.get("event")
    if isinstance(event, dict) and is_of_a_bot(event):
        return ""  # a bot's event has a shape of its own, and nobody answers it
    wrapper = _EVENT if body.get("type") == "event_callback" else ()
    for field in (*wrapper, *_FIELDS.get(kind_of_request(body), ())):
        value = _value_at(body, field.path)
        if value is None or (value == "" and field.kind is _Kind.ID):
            if field.is_required and _has_parent(body, field.path):
                return f"{field.path} is missing"
        elif not _is(field.kind, value):
            return f"{field.path} is not {field.kind.value}"
    return ""


def _value_at(body: Json, path: str) -> object:
    value: object = body
    for part in path.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value


def _has_parent(body: Json, path: str) -> bool:
    """False for a field of an optional object that is missing."""
    parent, _, name = path.rpartition(".")
    return not name or not parent or _value_at(body, parent) is not None


def _is(kind: _Kind, value: object) -> bool:
    match kind:
        case _Kind.ID:
            return isinstance(value, str) and id_of(value) == value
        case _Kind.TEXT:
            return isinstance(value, str)
        case _Kind.OBJECT:
            return isinstance(value, dict)
        case _Kind.LIST:
            return isinstance(value, list)
