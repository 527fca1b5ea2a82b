"""Link previews: chat.unfurl."""

from typing import Any

from bot.demo.workspace.block_rules import check_blocks, said
from bot.demo.workspace.calls import Call, Refused
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


def unfurl(state: WorkspaceState, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.unfurl"""
    unfurls = call.get("unfurls")
    if unfurls is None:
        raise Refused("missing_unfurls")
    if not isinstance(unfurls, dict) or not all(isinstance(u, dict) for u in unfurls.values()):
        raise Refused("invalid_unfurls_format")
    for each in unfurls.values():
        if problems := check_blocks(each.get("blocks", []), "message"):
            raise Refused("cannot_parse_attachment", response_metadata={"messages": said(problems)})
    if call.get("unfurl_id") or call.get("source"):
        return _unfurl_by_id(state, call, unfurls)
    if not call.get("channel"):
        raise Refused("missing_channel")
    if not call.get("ts"):
        raise Refused("missing_ts")
    _attach_unfurls(state, call.get("channel"), call.get("ts"), unfurls)
    return {"ok": True}


def _unfurl_by_id(state: WorkspaceState, call: Call, unfurls: Json) -> Json:
    if not call.get("unfurl_id"):
        raise Refused("missing_unfurl_id")
    if not call.get("source"):
        raise Refused("missing_source")
    if call.get("source") not in ("composer", "conversations_history"):
        raise Refused("invalid_source")
    place = state.shared_links.get(call.get("unfurl_id"))
    if place is None:
        raise Refused("invalid_unfurl_id")
    _attach_unfurls(state, *place, unfurls)
    return {"ok": True}


def _attach_unfurls(state: WorkspaceState, channel: object, ts: object, unfurls: Json) -> None:
    place = state.find_channel(channel)
    if place is None:
        raise Refused("cannot_find_channel")
    message = state.find_message(place.id, ts)
    if message is None:
        raise Refused("cannot_find_message")
    if not all(url in message["text"].replace("&amp;", "&") for url in unfurls):
        raise Refused("cannot_unfurl_url")
    shown = [{"id": n, "from_url": url, **unfurls[url]} for n, url in enumerate(unfurls, start=1)]
    state.edit(place.id, message, {"attachments": shown})


UNFURL_METHODS = {
    "chat.unfurl": Method(
        run=unfurl,
        optional=(
            "channel",
            "source",
            "ts",
            "unfurl_id",
            "unfurls",
            "user_auth_blocks",
            "user_auth_message",
            "user_auth_required",
            "user_auth_url",
        ),
        scopes=("links:write",),
    ),
}
