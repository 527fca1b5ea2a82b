"""A call of the Web API with checked blocks and views, and its refusal. No HTTP."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from bot.demo.workspace.block_rules import Surface, check_blocks, check_view, said

Json = dict[str, Any]

_JSON_ARGUMENTS = {
    "attachments",
    "blocks",
    "message",
    "metadata",
    "unfurls",
    "user_auth_blocks",
    "view",
}
_FLAGS = {
    "as_user",
    "exclude_archived",
    "exclude_muted",
    "include_all_metadata",
    "include_disabled",
    "include_locale",
    "include_num_members",
    "inclusive",
    "link_names",
    "mrkdwn",
    "prevent_creation",
    "reply_broadcast",
    "return_im",
    "test",
    "unfurl_links",
    "unfurl_media",
    "user_auth_required",
}


class Refused(Exception):
    """A refusal by Slack: an error code, and further fields of the answer."""

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    def answer(self) -> Json:
        """Return the body of the answer."""
        return {"ok": False, "error": self.error, **self.extra}


def invalid_arguments(*messages: str) -> Refused:
    """Return the refusal of bad arguments, with these messages."""
    listed = [f"[ERROR] {message}" for message in messages]
    return Refused("invalid_arguments", response_metadata={"messages": listed})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: method, decoded arguments without the token, and the scopes of the token."""

    method: str
    arguments: Json
    scopes: frozenset[str] = field(default_factory=frozenset)

    def get(self, name: str, default: object = None) -> Any:
        """Return an argument, or the default if it is absent or null."""
        value = self.arguments.get(name)
        return default if value is None else value

    def need_scope(self, needed: str) -> None:
        """Raise Refused unless this scope was granted."""
        if needed not in self.scopes:
            provided = ",".join(sorted(self.scopes))
            raise Refused("missing_scope", needed=needed, provided=provided)


def decode(given: Json) -> Json:
    """Return the arguments as values; a form or a query carries them as text."""
    return {name: _decode_one(name, value) for name, value in given.items()}


def check_message_blocks(call: Call, *, unknown: Collection[str]) -> list[Json]:
    """Return the blocks of a message with every block_id filled in. Raises Refused; `unknown` are
    types that the workspace does not accept yet."""
    blocks = call.get("blocks", [])
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = check_blocks(blocks, "message", unknown=unknown)
    if problems:
        messages = said(problems)
        raise Refused("invalid_blocks", errors=messages, response_metadata={"messages": messages})
    return with_ids(blocks)


def checked_view(view: object, expected: Surface | None) -> Json:
    """Return a view with every block_id filled in. Raises Refused."""
    problems = check_view(view, expected=expected)
    if problems or not isinstance(view, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": said(problems)})
    if len(json.dumps(view)) > 250_000:
        raise Refused("view_too_large")
    return {**view, "blocks": with_ids(view["blocks"])}


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return blocks as Slack stores them: with all ids, and the defaults of texts."""
    stored = [_with_defaults(block) for block in blocks]
    for index, block in enumerate(stored):
        block.setdefault("block_id", f"b{index}{block['type'][:3]}")
        inner = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for place, element in enumerate(inner):
            active = isinstance(element, dict) and element.get("type") in _ACTIVE
            if active:
                element.setdefault("action_id", f"a{index}{place}")
    return stored


_ACTIVE = {"button", "overflow", "static_select", "external_select", "plain_text_input"}


def _with_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_defaults(each) for each in value]
    if not isinstance(value, dict):
        return value
    filled = {name: _with_defaults(each) for name, each in value.items()}
    match filled.get("type"):
        case "plain_text":
            filled.setdefault("emoji", True)
        case "mrkdwn":
            filled.setdefault("verbatim", False)
    return filled


def _decode_one(name: str, value: Any) -> Any:
    if name in _FLAGS and not isinstance(value, bool):
        return str(value).lower() in ("1", "true")
    if name == "limit" and isinstance(value, str):
        return int(value) if value.isdigit() else -1
    if name in _JSON_ARGUMENTS and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
