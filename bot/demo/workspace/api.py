"""The Web API: read a call, check it, run it, and answer as Slack does."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.demo.workspace.access import ACCESS_METHODS
from bot.demo.workspace.calls import Call, Refused, decode
from bot.demo.workspace.chat import CHAT_METHODS
from bot.demo.workspace.conversations import CONVERSATION_METHODS
from bot.demo.workspace.faults import Fault, Faults, spoil
from bot.demo.workspace.method import Method, check_arguments
from bot.demo.workspace.people import PEOPLE_METHODS
from bot.demo.workspace.state import WorkspaceState
from bot.demo.workspace.unfurl import UNFURL_METHODS
from bot.demo.workspace.view_methods import VIEW_METHODS

Json = dict[str, Any]

METHODS: dict[str, Method] = {
    **ACCESS_METHODS,
    **CHAT_METHODS,
    **CONVERSATION_METHODS,
    **PEOPLE_METHODS,
    **UNFURL_METHODS,
    **VIEW_METHODS,
}

# https://docs.slack.dev/apis/web-api/rate-limits: about one message a second per channel.
BURST_PER_CHANNEL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the journal: a call without its token, and the error or fault of its answer."""

    at: datetime
    method: str
    arguments: Json
    verb: str
    error: str | None
    fault: Fault | None


class WebApi:
    """Serves /api/<method>; `journal` holds all calls, `limited` turns rate limits on."""

    def __init__(self, state: WorkspaceState, faults: Faults, closing: asyncio.Event) -> None:
        self.journal: list[Entry] = []
        self.limited = False
        self._state = state
        self._faults = faults
        self._closing = closing
        self._recent: dict[tuple[str, object], deque[float]] = defaultdict(deque)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request to a method."""
        name = request.match_info["method"]
        try:
            given, token = await _read_call(request)
        except Refused as refused:
            return web.json_response(refused.answer())
        fault = self._faults.take(name, given.get("channel"))
        if fault and fault.kind != "stale_history":
            return await self._go_wrong(request, name, given, token, fault)
        if retry_after := self._over_limit(name, given):
            body = {"ok": False, "error": "ratelimited"}
            headers = {"Retry-After": str(retry_after)}
            self._note(request.method, name, given, body, None)
            return web.json_response(body, status=429, headers=headers)
        answer = self.call(name, given, token, blind_seconds=fault.seconds if fault else 0.0)
        self._note(request.method, name, given, answer, fault)
        return web.json_response(answer, headers=self._headers(name))

    def call(
        self, name: str, given: Json, token: str | None, *, blind_seconds: float = 0.0
    ) -> Json:
        """Run one call, and return the answer without messages of the last `blind_seconds`."""
        method = METHODS.get(name)
        if method is None:
            return Refused("unknown_method", req_method=name).answer()
        try:
            arguments = decode(given)
            scopes = self._state.installation.scopes_of(token, method.caller, method.scopes)
            check_arguments(method, arguments)
            answer = method.run(self._state, Call(method=name, arguments=arguments, scopes=scopes))
        except Refused as refused:
            return refused.answer()
        if blind_seconds and "messages" in answer:
            newest = self._state.clock().timestamp() - blind_seconds
            answer["messages"] = [m for m in answer["messages"] if float(m["ts"]) < newest]
        return answer

    async def _go_wrong(
        self, request: web.Request, name: str, given: Json, token: str | None, fault: Fault
    ) -> web.StreamResponse:
        truth = None
        if fault.applied == "yes":
            truth = web.json_response(self.call(name, given, token))
        elif fault.applied == "late":
            self._faults.land_later(lambda: self.call(name, given, token))
        self._note(request.method, name, given, {"ok": False, "error": fault.kind}, fault)
        return await spoil(request, fault, truth, self._closing)

    def _note(self, verb: str, name: str, given: Json, answer: Json, fault: Fault | None) -> None:
        entry = Entry(
            at=self._state.clock(),
            method=name,
            arguments=given,
            verb=verb,
            error=answer.get("error"),
            fault=fault,
        )
        self.journal.append(entry)
        self._state.feed.wake()

    def _headers(self, name: str) -> dict[str, str]:
        method = METHODS.get(name)
        if method is None:
            return {}
        return {
            "x-oauth-scopes": ",".join(sorted(self._state.installation.scopes)),
            "x-accepted-oauth-scopes": ",".join(method.scopes),
        }

    def _over_limit(self, name: str, given: Json) -> int:
        """Return the seconds to wait, or 0 if the call is within its rate limit."""
        if not self.limited or name not in METHODS:
            return 0
        now = self._state.clock().timestamp()
        if name == "chat.postMessage":
            key, allowed, window = (name, given.get("channel")), BURST_PER_CHANNEL, 5.0
        else:
            key, allowed, window = (name, None), METHODS[name].per_minute, 60.0
        recent = self._recent[key]
        while recent and now - recent[0] >= window:
            recent.popleft()
        if len(recent) >= allowed:
            return max(1, round(window - (now - recent[0])))
        recent.append(now)
        return 0


async def _read_call(request: web.Request) -> tuple[Json, str | None]:
    """Return a call's arguments from query, form and JSON, and its token."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= _json_object(await request.text())
    elif request.can_read_body:
        given |= {name: str(value) for name, value in (await request.post()).items()}
    bearer = request.headers.get("Authorization", "")
    token = given.pop("token", None)
    if bearer.startswith("Bearer "):
        token = bearer.removeprefix("Bearer ")
    return given, str(token) if token else None


def _json_object(text: str) -> Json:
    try:
        value = json.loads(text or "{}")
    except ValueError as error:
        raise Refused("invalid_json") from error
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value
