"""Keep one Socket Mode connection open, and open the next one when it is bad.

Slack's own client would decide that by itself: turned away, it asks again at once, without end.
docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
from collections.abc import Callable

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.cards.wording import duration_words
from bot.core.health import Check, Verdict
from bot.core.ports.time import Monotonic
from bot.core.text import say
from bot.slack.incoming.socket_connection import Connection
from bot.slack.incoming.socket_schedule import SOCKET_MODE, Schedule, away_check

_log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0
_CONNECT_SECONDS = 20.0
# Slack says hello right after a connection opens.
_GREETING_SECONDS = 10.0
# A connection may look alive and bring nothing (slackapi/bolt-python#1529). After so long a
# silence it is replaced; if only people were quiet, that costs nothing.
_SILENT_AT_MOST_SECONDS = 1800.0
# The connection is dead if a ping gets no answer within half of this time.
_PING_SECONDS = 10.0
_LARGEST_ENVELOPE = 1024 * 1024
# When Slack gives one of these reasons, it keeps the connection for some seconds, so close the
# connection only after the next one has opened.
_POLITE = ("warning", "refresh_requested")
# Slack allows 50 such calls a minute (docs.slack.dev/apis/web-api/rate-limits).
_LONGEST_ASKED_WAIT = 60

_FAILURES = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, ValueError)


class SocketMode:
    """A receiver of requests through a WebSocket in place of HTTP. `jitter` returns 0 to 1."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        app_token: str,
        proxy_url: str | None,
        monotonic: Monotonic,
        jitter: Callable[[], float],
        connect_seconds: float = _CONNECT_SECONDS,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._proxy_url = proxy_url
        self._monotonic = monotonic
        self._connect_seconds = connect_seconds
        self._session: aiohttp.ClientSession | None = None
        self._current: Connection | None = None
        self._is_wanted = True
        self._retiring: set[asyncio.Task[None]] = set()
        self._schedule = Schedule(monotonic=monotonic, jitter=jitter)

    async def watch(self) -> float:
        """Check the connection, and open another if it is bad and a try is due; return the seconds
        until the next look."""
        self._schedule.note_look()
        if self._current and not self._is_wanted:
            self._look_at(self._current)
        if self._is_wanted and self._schedule.is_due:
            await self._connect()
        return _LOOK_SECONDS

    def try_soon(self) -> None:
        """Try at the next look, because another call has shown that Slack is well again."""
        self._schedule.hurry()

    @property
    def is_dead(self) -> bool:
        """True if all tries failed for minutes, or if nothing looks any more: only a new process
        may help."""
        return self._schedule.is_dead

    def check(self) -> Check:
        """Report the state of the connection."""
        if self._schedule.away_for is None:
            return Check(name=SOCKET_MODE, verdict=Verdict.OK, found=say("connected"))
        return away_check(self._schedule)

    async def close(self) -> None:
        """Close the connection, after answering what it received if that can be done in time."""
        self._is_wanted = False
        if self._current:
            await self._current.close()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self._session:
            await self._session.close()

    def _look_at(self, current: Connection) -> None:
        now = self._monotonic()
        if current.is_greeted and (away := self._schedule.note_greeted()) is not None:
            _log.info("socket_mode_back", away_for=duration_words(away))
        is_late = not current.is_greeted and now - current.opened_at > _GREETING_SECONDS
        is_silent = now - current.heard_at > _SILENT_AT_MOST_SECONDS
        if current.farewell:
            self._lose(current, current.farewell)
        elif not current.is_open:
            self._lose(current, "closed")
        elif is_late or is_silent:
            self._lose(current, "silent")

    def _lose(self, current: Connection, reason: str) -> None:
        self._is_wanted = True
        self._tell(reason, self._schedule.note_lost(reason, self._monotonic() - current.opened_at))
        if reason not in _POLITE:
            self._retire()

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(self._connect_seconds):
                fresh = await self._open()
        except _FAILURES as error:
            reason = _reason_of(error)
            self._tell(reason, self._schedule.note_failed(reason, _asked_wait(error)))
            return
        self._retire()
        self._current, self._is_wanted = fresh, False

    async def _open(self) -> Connection:
        answer = await self._app.client.apps_connections_open(app_token=self._app_token)
        if self._session is None:
            self._session = aiohttp.ClientSession()
        socket = await self._session.ws_connect(
            str(answer["url"]),
            heartbeat=_PING_SECONDS,
            max_msg_size=_LARGEST_ENVELOPE,
            proxy=self._proxy_url,
            ssl=self._app.client.ssl or True,
            timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
        )
        return Connection(socket, self._app, monotonic=self._monotonic)

    def _retire(self) -> None:
        """Close the old connection in the background, because its requests are still answered."""
        if self._current:
            retiring = asyncio.ensure_future(self._current.close())
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)
            self._current = None

    def _tell(self, reason: str, pause: float | None) -> None:
        """Log one line for each reason, not for each try."""
        if pause is not None:
            _log.warning("socket_mode_away", reason=reason, again_in=round(pause, 1))


def _reason_of(error: Exception) -> str:
    if isinstance(error, SlackApiError) and isinstance(error.response, AsyncSlackResponse):
        data = error.response.data
        said = data.get("error") if isinstance(data, dict) else None
        return str(said or f"HTTP {error.response.status_code}")
    return type(error).__name__


def _asked_wait(error: Exception) -> float:
    if isinstance(error, SlackApiError) and isinstance(error.response, AsyncSlackResponse):
        asked = str(error.response.headers.get("Retry-After", ""))
        if asked.isascii() and asked.isdigit():
            return float(min(int(asked[:9]), _LONGEST_ASKED_WAIT))
    return 0.0
