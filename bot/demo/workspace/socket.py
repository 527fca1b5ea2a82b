"""Socket Mode: single-use URLs, envelopes and their acknowledgements, for any payload.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import WSMsgType, web

from bot.demo.workspace.calls import Refused
from bot.demo.workspace.cast import APP_ID

Json = dict[str, Any]

CONNECTIONS = 10
EnvelopeType = Literal["slash_commands", "interactive", "events_api"]
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
TurnedAway = Literal["", "at once", "after hello"]


class Connections:
    """The app's open sockets; envelopes go to them in turn.

    `muted` keeps the sockets alive while nothing is sent; `enabled` is the app's setting for Socket
    Mode; `turns_away` refuses every new socket as one too many.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.origin = ""
        self.muted = False
        self.enabled = True
        self.turns_away: TurnedAway = ""
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self._on_change = on_change

    @property
    def count(self) -> int:
        """The number of open sockets."""
        return len(self._sockets)

    def issue_url(self) -> str:
        """Return a socket URL that works once. Raises Refused."""
        if not self.enabled:
            raise Refused("forbidden_team")
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return f"{self.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP_ID}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Keep one socket open, and collect its acknowledgements."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=True, timeout=1.0)
        await socket.prepare(request)
        if self.turns_away == "after hello":
            await socket.send_json(self._hello())
        if self.turns_away or self.count >= CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        self._on_change()
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take_ack(str(message.data))
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._on_change()
        return socket

    async def send(
        self,
        kind: EnvelopeType,
        payload: Json,
        *,
        accepts_payload: bool,
        patience: float,
        retry: tuple[int, str] | None = None,
    ) -> Json:
        """Send one envelope, and return the payload of its acknowledgement, empty if it has none.

        Raises `TimeoutError` if no acknowledgement comes within `patience` seconds.
        """
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": accepts_payload,
        }
        if kind == "events_api":
            envelope["retry_attempt"], envelope["retry_reason"] = retry or (0, "")
        ack: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = ack
        try:
            async with asyncio.timeout(patience):
                if not self.muted:
                    self._turn += 1
                    await self._sockets[self._turn % self.count].send_json(envelope)
                return await ack
        finally:
            del self._acks[envelope_id]

    async def disconnect(self, reason: DisconnectReason) -> None:
        """Send a disconnect to every socket, and close them unless it is a warning."""
        if reason == "link_disabled":
            self.enabled = False
        for socket in list(self._sockets):
            if reason != "warning":
                self._sockets.remove(socket)
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            if reason != "warning":
                await socket.close()

    async def close(self) -> None:
        """Close every socket without a disconnect message."""
        for socket in list(self._sockets):
            await socket.close()

    def _hello(self) -> Json:
        info = {"host": "stand-in", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "connection_info": {"app_id": APP_ID},
            "num_connections": self.count,
            "debug_info": info,
        }

    def _take_ack(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        ack = self._acks.get(said.get("envelope_id", "")) if isinstance(said, dict) else None
        if ack is not None and not ack.done():
            ack.set_result(said.get("payload") or {})
