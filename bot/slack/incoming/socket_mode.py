"""The Socket Mode side: one connection, and a watchdog that builds it anew when it is bad.

docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.core.ports.time import Monotonic

_log = structlog.get_logger(__name__)

# The SDK reconnects by itself within about 20 s; after that it will not.
_DISCONNECTED_AT_MOST_SECONDS = 30.0
# A connection may look alive and bring nothing (slackapi/bolt-python#1529). Where people are
# quiet for so long, a new one costs nothing.
_SILENT_AT_MOST_SECONDS = 1800.0
_PING_SECONDS = 5.0
_CONNECT_SECONDS = 20.0
_LOOK_SECONDS = 5.0


class SocketMode:
    """Receives through a WebSocket what HTTP would bring."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        app_token: str,
        proxy_url: str | None,
        monotonic: Monotonic,
        connect_seconds: float = _CONNECT_SECONDS,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._proxy_url = proxy_url
        self._monotonic = monotonic
        self._connect_seconds = connect_seconds
        self._handler: AsyncSocketModeHandler | None = None
        self._connected_at = 0.0
        self._last_envelope_at = 0.0
        self.rebuilt = 0

    async def connect(self) -> bool:
        """Open the connection; False if Slack does not let us now (the watchdog tries again)."""
        await self.close()
        self._handler = self._new_handler()
        self._connected_at = self._last_envelope_at = self._monotonic()
        try:
            # The SDK tries for ever; a fresh handler does better than one that goes on failing.
            async with asyncio.timeout(self._connect_seconds):
                await self._handler.connect_async()
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            _log.warning("socket_mode_refused", error=type(error).__name__)
            return False
        return True

    async def watch(self) -> float:
        """Look at the connection, and build it anew if it is bad; the seconds until the next
        look."""
        if self._handler is None:
            await self.connect()
            return _LOOK_SECONDS
        now = self._monotonic()
        if await self.is_connected():
            self._connected_at = now
        is_down = now - self._connected_at > _DISCONNECTED_AT_MOST_SECONDS
        is_silent = now - self._last_envelope_at > _SILENT_AT_MOST_SECONDS
        if is_down or is_silent:
            _log.warning("socket_mode_rebuilt", reason="down" if is_down else "silent")
            self.rebuilt += 1
            await self.connect()
        return _LOOK_SECONDS

    async def is_connected(self) -> bool:
        """True if the connection is open and answers pings."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def close(self) -> None:
        """Close the connection; what was received is still answered if it can be."""
        if self._handler:
            handler, self._handler = self._handler, None
            await handler.close_async()

    def _new_handler(self) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(
            self._app,
            app_token=self._app_token,
            logger=self._app.logger,
            web_client=self._app.client,
            proxy=self._proxy_url,
            ping_interval=_PING_SECONDS,
        )
        # Given no proxy, the client reads the usual variables; we have our own setting.
        handler.client.proxy = self._proxy_url
        handler.client.on_message_listeners.append(self._note_envelope)
        return handler

    async def _note_envelope(self, _: aiohttp.WSMessage) -> None:
        self._last_envelope_at = self._monotonic()
