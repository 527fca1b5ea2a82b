"""One WebSocket of Socket Mode: it passes envelopes to Bolt, and sends the answers back.

docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.core.eager_tasks import begin
from bot.core.ports.time import Monotonic
from bot.core.ports.tracing import caused, span
from bot.slack.blocks import Json

_log = structlog.get_logger(__name__)

_LONGEST_REASON = 60
_ANSWERS_SECONDS = 3.0


class Connection:
    """A connection that is open until either side ends it; it never reconnects."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, app: AsyncApp, *, monotonic: Monotonic
    ) -> None:
        self._socket = socket
        self._app = app
        self._monotonic = monotonic
        self._answering: set[asyncio.Task[None]] = set()
        self.opened_at = self.heard_at = monotonic()
        #: True once Slack has said hello or sent a request: until then it may turn us away.
        self.is_greeted = False
        #: Slack's reason for ending the connection; empty while Slack has named none.
        self.farewell = ""
        self._reading = asyncio.ensure_future(self._read())

    @property
    def is_open(self) -> bool:
        """False once either side has closed the connection, or a ping got no answer."""
        return not self._reading.done()

    async def close(self) -> None:
        """Wait for the answers to received requests, then close the connection."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=_ANSWERS_SECONDS)
        await self._socket.close()
        for task in (self._reading, *self._answering):
            task.cancel()
        await asyncio.gather(self._reading, *self._answering, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._take(message.data)

    def _take(self, text: str) -> None:
        try:
            envelope = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(envelope, dict):
            return
        if envelope.get("type") == "disconnect":
            self.farewell = str(envelope.get("reason") or "disconnect")[:_LONGEST_REASON]
            return
        self.is_greeted, self.heard_at = True, self._monotonic()
        request = SocketModeRequest.from_dict(envelope)
        if request is not None:
            answering = begin(self._answer_traced(request))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)

    async def _answer_traced(self, request: SocketModeRequest) -> None:
        with caused(), span("slack request", transport="socket mode"):
            await self._answer(request)

    async def _answer(self, request: SocketModeRequest) -> None:
        try:
            response = await run_async_bolt_app(self._app, request)
        except Exception:  # noqa: BLE001 - Bolt trusts the shape of whatever comes
            # Sent again, the request would fail again, so acknowledge it.
            _log.exception("request_of_another_shape")
            response = BoltResponse(status=200)
        if response.status != 200:
            return  # without an acknowledgement Slack sends an event again
        acknowledgement = {"envelope_id": request.envelope_id, **_payload_of(response)}
        try:
            await self._socket.send_str(json.dumps(acknowledgement))
        except (ConnectionError, aiohttp.ClientError):
            _log.warning("acknowledgement_lost", envelope_type=request.type)


def _payload_of(response: BoltResponse) -> Json:
    if not response.body:
        return {}
    kind = response.headers.get("content-type", [""])[0]
    is_json = kind.startswith("application/json")
    return {"payload": json.loads(response.body) if is_json else {"text": response.body}}
