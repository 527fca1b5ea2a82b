"""Faults between Slack and the bot, on demand: which call, how often, and how.

This module knows no methods; it decides, and spoils answers.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from aiohttp import web

Json = dict[str, Any]

FaultKind = Literal[
    "rate_limited",  # HTTP 429 with Retry-After
    "error",  # 200 with `error`
    "http_error",  # `status` without Slack's JSON
    "slow",  # the right answer after `seconds`
    "timeout",  # no answer for `seconds`
    "reset",  # the connection breaks
    "html",  # 200 with a proxy's page
    "cut_json",  # 200 with half an answer
    "wrong_channel",  # 200 that names another channel
    "redirect",  # 302 to elsewhere
    "stale_history",  # reads do not see the last `seconds`
]
Applied = Literal["no", "yes", "late"]

_READS = {"conversations.history", "conversations.replies"}
_NEVER_APPLIED = {"rate_limited", "redirect"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault; `applied` says whether the call takes effect anyway, and when."""

    kind: FaultKind
    method: str | None = None
    channel: str | None = None
    count: int = 1
    applied: Applied = "no"
    error: str = "internal_error"
    status: int = 503
    seconds: float = 30.0
    retry_after: int = 1

    def matches(self, method: str, channel: object) -> bool:
        """Return True if the fault is for this call; None as method or channel matches all."""
        if self.kind == "stale_history" and method not in _READS:
            return False
        return self.method in (None, method) and self.channel in (None, channel)


class Faults:
    """Faults that wait for matching calls, oldest first; each is used `count` times."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._chooser: Callable[[str, object], Fault | None] | None = None
        self._late: list[Callable[[], object]] = []
        self.injected: list[tuple[str, Fault]] = []

    def add(self, kind: FaultKind, **details: Any) -> Fault:
        """Let the next matching calls fail; `details` are fields of `Fault`."""
        if kind == "slow":
            details["applied"] = "yes"
        fault = Fault(kind=kind, **details)
        if fault.applied != "no" and kind in _NEVER_APPLIED:
            raise ValueError(f"a call that ends as {kind} is never applied")
        self._waiting.append(fault)
        return fault

    def choose_with(self, chooser: Callable[[str, object], Fault | None] | None) -> None:
        """Let `chooser(method, channel)` pick a fault for calls that no waiting fault matches."""
        self._chooser = chooser

    def clear(self) -> None:
        """Remove all waiting faults, and the chooser."""
        self._waiting.clear()
        self._chooser = None

    def take(self, method: str, channel: object) -> Fault | None:
        """Return the fault of this call, and count one use."""
        for index, fault in enumerate(self._waiting):
            if fault.matches(method, channel):
                if fault.count > 1:
                    self._waiting[index] = replace(fault, count=fault.count - 1)
                else:
                    del self._waiting[index]
                break
        else:
            fault_or_none = self._chooser(method, channel) if self._chooser else None
            if fault_or_none is None:
                return None
            fault = fault_or_none
        self.injected.append((method, fault))
        return fault

    def land_later(self, action: Callable[[], object]) -> None:
        """Store a call that Slack applies only after its caller gave up."""
        self._late.append(action)

    def land(self) -> int:
        """Apply all stored late calls, and return their number."""
        late, self._late = self._late, []
        for action in late:
            action()
        return len(late)


async def spoil(
    request: web.Request, fault: Fault, truth: web.Response | None, closing: asyncio.Event
) -> web.StreamResponse:
    """Answer a call as the fault says; `truth` is the right answer if the call was applied."""
    if fault.kind in ("slow", "timeout"):
        await _hold(closing, fault.seconds)
    if fault.kind == "slow" and truth is not None:
        return truth
    if fault.kind == "timeout":
        return web.Response(status=504)
    if fault.kind == "reset":
        _break(request)
        return web.Response()
    text = truth.text if truth is not None else None
    return _spoiled(fault, text or '{"ok": true}')


def _spoiled(fault: Fault, text: str) -> web.Response:
    match fault.kind:
        case "rate_limited":
            headers = {"Retry-After": str(fault.retry_after)}
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=headers)
        case "error":
            return web.json_response({"ok": False, "error": fault.error})
        case "http_error":
            return web.Response(status=fault.status, text="upstream connect error")
        case "html":
            page = "<!doctype html><title>Slack</title><p>Something went wrong."
            return web.Response(text=page, content_type="text/html")
        case "cut_json":
            return web.Response(text=text[: len(text) // 2], content_type="application/json")
        case "wrong_channel":
            return web.json_response({**json.loads(text), "channel": "C0ELSEWHERE"})
        case _:
            return web.Response(status=302, headers={"Location": "/api/elsewhere"})


async def _hold(closing: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await closing.wait()
    except TimeoutError:
        return


def _break(request: web.Request) -> None:
    """End the connection with a reset, as a dying proxy does."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
