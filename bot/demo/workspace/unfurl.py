"""The method chat.unfurl: cards below links."""

from collections.abc import Collection
from typing import Any

from bot.demo.workspace.block_rules import check_blocks, said
from bot.demo.workspace.calls import Call, Refused, with_ids
from bot.demo.workspace.cast import BOT_ID
from bot.demo.workspace.method import Method
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


def unfurl(state: WorkspaceState, call: Call) -> Json:
    """Implement https://docs.slack.dev/reference/methods/chat.unfurl"""
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
    links = state.shared_links.get(call.get("unfurl_id"))
    if links is None or links.source != call.get("source"):
        raise Refused("invalid_unfurl_id")
    if links.ts:
        _attach_unfurls(state, links.channel, links.ts, unfurls)
    else:
        _refuse_strange(unfurls, links.urls)
        state.previews[call.get("unfurl_id")] = unfurls
        state.feed.wake()
    return {"ok": True}


def _attach_unfurls(state: WorkspaceState, channel: object, ts: object, unfurls: Json) -> None:
    place = state.find_channel(channel)
    if place is None:
        raise Refused("cannot_find_channel")
    message = state.find_message(place.id, ts)
    if message is None:
        raise Refused("cannot_find_message")
    told = [links for links in state.shared_links.values() if links.ts == ts]
    _refuse_strange(unfurls, [url for links in told for url in links.urls])
    kept = {each["from_url"]: each for each in message.get("attachments", [])}
    for url, shown in unfurls.items():
        number = kept[url]["id"] if url in kept else len(kept) + 1
        kept[url] = {
            **shown,
            "id": number,
            "from_url": url,
            "bot_id": BOT_ID,
            "is_app_unfurl": True,
            "app_unfurl_url": url,
            "blocks": _blocks(shown, number),
        }
    state.edit(place.id, message, {"attachments": list(kept.values())})


def _blocks(shown: Json, number: int) -> list[Json]:
    named = [
        {"block_id": f"u{number}b{index}", **block} for index, block in enumerate(shown["blocks"])
    ] if shown.get("blocks") else []  # fmt: skip
    return with_ids(named)


def _refuse_strange(unfurls: Json, told: Collection[str]) -> None:
    """Raise Refused for a card of a link that was not sent to the app."""
    if not set(unfurls) <= set(told):
        raise Refused("cannot_unfurl_url")


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
