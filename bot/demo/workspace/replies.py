"""Show the bot's answers: in the acknowledgement of a command, or to a response URL."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.demo.workspace.calls import Call, Refused
from bot.demo.workspace.chat import message_body
from bot.demo.workspace.faults import Faults, spoil
from bot.demo.workspace.state import WorkspaceState
from bot.demo.workspace.tickets import Lapsed, Origin

Json = dict[str, Any]

_KNOWN = {
    "attachments",
    "blocks",
    "delete_original",
    "link_names",
    "markdown_text",
    "metadata",
    "mrkdwn",
    "parse",
    "replace_original",
    "response_type",
    "text",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
}


class Replies:
    """Shows answers where their origin allows; serves response URLs (faults: `response_url`)."""

    def __init__(self, state: WorkspaceState, faults: Faults, closing: asyncio.Event) -> None:
        self.journal: list[Json] = []
        self._state = state
        self._faults = faults
        self._closing = closing

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one post to a response URL."""
        # https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        try:
            body = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if not isinstance(body, dict):
            return web.Response(status=400, text="invalid_payload")
        key = request.match_info["key"]
        fault = self._faults.take("response_url", None)
        if fault is None:
            return self._answer(key, body)
        truth = None
        if fault.applied == "yes":
            truth = self._answer(key, body)
        elif fault.applied == "late":
            self._faults.land_later(lambda: self._answer(key, body))
        return await spoil(request, fault, truth, self._closing)

    def _answer(self, key: str, body: Json) -> web.Response:
        try:
            origin = self._state.tickets.redeem_hook(key)
        except Lapsed as lapsed:
            return web.Response(status=404, text=str(lapsed))
        self.journal.append(body)
        try:
            self.put(origin, body)
        except Refused as refused:
            return web.json_response(refused.answer(), status=400)
        return web.Response(text="ok")

    def acknowledge(self, origin: Origin, body: Json | str) -> None:
        """Show the HTTP answer to a command. Raises `Refused`."""
        if isinstance(body, str):
            body = {"text": body} if body.strip() else {}
        if body.get("response_type") == "in_channel":
            typed = {"text": origin.command or ""}
            self._state.post(origin.channel, typed, user=origin.user)
        if body.keys() - {"response_type"}:
            self.put(origin, body)

    def put(self, origin: Origin, body: Json) -> None:
        """Show, replace or delete a message. Raises `Refused`."""
        unknown = sorted(body.keys() - _KNOWN)
        if unknown:
            raise Refused("invalid_arguments", response_metadata={"messages": unknown})
        # The response URL of a command has no original message: Slack then posts a new one.
        has_original = origin.message_ts is not None
        if _is_true(body.get("delete_original")) and has_original:
            self._delete(origin)
            return
        fields = message_body(self._state, Call(method="response_url", arguments=body))
        if body.get("metadata"):
            fields["metadata"] = body["metadata"]
        if _is_true(body.get("replace_original")) and has_original:
            self._replace(origin, fields)
            return
        if thread_ts := body.get("thread_ts"):
            fields["thread_ts"] = thread_ts
        if body.get("response_type") == "in_channel":
            self._state.post(origin.channel, fields)
            return
        if "thread_ts" not in fields and origin.thread_ts:
            fields["thread_ts"] = origin.thread_ts
        self._state.post_ephemeral(origin.channel, origin.user, fields)

    def _delete(self, origin: Origin) -> None:
        ts = str(origin.message_ts)
        if origin.is_ephemeral:
            self._state.delete_ephemeral(origin.channel, origin.user, ts)
        else:
            self._state.delete(origin.channel, ts)

    def _replace(self, origin: Origin, fields: Json) -> None:
        state, channel = self._state, origin.channel
        fields = {"blocks": None, "attachments": None, **fields}
        if origin.is_ephemeral:
            message = state.find_ephemeral(channel, origin.user, origin.message_ts)
            if message is not None:
                state.edit_ephemeral(channel, origin.user, message, fields)
                return
        else:
            message = state.find_message(channel, origin.message_ts)
            if message is not None:
                state.edit(channel, message, fields)
                return
        raise Refused("message_not_found")


def _is_true(value: object) -> bool:
    return value in (True, "true")
