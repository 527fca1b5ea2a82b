"""Send to the bot: signed HTTP requests, or envelopes while a socket is open; with retries."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.demo.workspace.socket import Connections, EnvelopeType
from bot.demo.workspace.wire import ALL_EVENTS, event_name, sign

Json = dict[str, Any]

# https://docs.slack.dev/apis/events-api#retries
RETRY_DELAYS = (0.0, 60.0, 300.0)
PATIENCE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bot's answer to a request; the body is an object if it is sent as JSON, else text."""

    status: int
    body: Json | str
    no_retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One HTTP request to the bot, byte for byte."""

    body: str
    headers: dict[str, str]


class BotSilent(Exception):
    """The error of a missing or late answer; the text is Slack's retry reason."""


class Outbound:
    """Sends to the bot at `request_url`; `patience` and `retry_delays` are in seconds.

    `wrap` makes the event_callback that carries an event.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        signing_secret: str,
        connections: Connections,
        wrap: Callable[[Json], Json],
    ) -> None:
        self.request_url: str | None = None
        #: The events that the app subscribes to, as in its manifest.
        self.subscribed: frozenset[str] = ALL_EVENTS
        self.patience = PATIENCE
        self.retry_delays: Sequence[float] = RETRY_DELAYS
        self.sent: deque[Sent] = deque(maxlen=1000)
        self._clock = clock
        self._secret = signing_secret
        self._connections = connections
        self._wrap = wrap
        self._session: aiohttp.ClientSession | None = None
        self._background: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Open the HTTP session."""
        self._session = aiohttp.ClientSession(
            auto_decompress=True, headers={"User-Agent": "Slackbot 1.0 (stand-in)"}
        )

    async def close(self) -> None:
        """Cancel the background work, and close the HTTP session."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def settle(self) -> None:
        """Wait until all background work has ended."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def command(self, payload: Json) -> Answer:
        """Send a slash command. Raises `BotSilent`."""
        if self._connections.count:
            return await self._by_socket("slash_commands", payload, accepts_payload=True)
        return await self._by_http(urlencode(payload), "application/x-www-form-urlencoded")

    async def interaction(self, payload: Json) -> Answer:
        """Send a click, a submission, a shortcut or a question for options. Raises `BotSilent`."""
        if self._connections.count:
            answers = payload["type"] in ("view_submission", "block_suggestion")
            return await self._by_socket("interactive", payload, accepts_payload=answers)
        form = urlencode({"payload": json.dumps(payload)})
        return await self._by_http(form, "application/x-www-form-urlencoded")

    async def event(self, event: Json) -> bool:
        """Send an event that the app subscribes to; retries run in the background. Return True if
        the bot accepted the first attempt."""
        if event_name(event) not in self.subscribed:
            return False
        wrapped = self._wrap(event)
        reason = await self._try_event(wrapped, None)
        if reason and reason != "no_retry":
            self.in_background(self._retry(wrapped, reason))
        return reason is None

    def announce(self, event: Json) -> None:
        """Send an event without waiting for it."""

        async def send() -> None:
            await self.event(event)

        self.in_background(send())

    def in_background(self, work: Coroutine[None, None, None]) -> None:
        """Run a coroutine in the background; `close` cancels it."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _retry(self, wrapped: Json, reason: str) -> None:
        for number, delay in enumerate(self.retry_delays, start=1):
            await asyncio.sleep(delay)
            next_reason = await self._try_event(wrapped, (number, reason))
            if next_reason in (None, "no_retry"):
                return
            reason = str(next_reason)

    async def _try_event(self, wrapped: Json, retry: tuple[int, str] | None) -> str | None:
        """Return the reason why the bot did not accept an event, or None if it did."""
        try:
            if self._connections.count:
                await self._by_socket("events_api", wrapped, accepts_payload=False, retry=retry)
                return None
            headers = {}
            if retry:
                headers = {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
            body = json.dumps(wrapped)
            answer = await self._by_http(body, "application/json", headers)
        except BotSilent as silent:
            return str(silent)
        if 200 <= answer.status < 300:
            return None
        return "no_retry" if answer.no_retry else "http_error"

    async def _by_http(
        self, body: str, content_type: str, headers: dict[str, str] | None = None
    ) -> Answer:
        signed = {
            **sign(body, self._secret, self._clock()),
            "Content-Type": content_type,
            **(headers or {}),
        }
        request = Sent(body=body, headers=signed)
        self.sent.append(request)
        return await self.replay(request)

    async def replay(self, request: Sent) -> Answer:
        """Send the same bytes again, signature included. Raises `BotSilent`."""
        if self._session is None or self.request_url is None:
            raise BotSilent("connection_failed")
        data, headers = request.body.encode(), request.headers
        try:
            async with asyncio.timeout(self.patience):
                post = self._session.post(
                    self.request_url, data=data, headers=headers, allow_redirects=False
                )
                async with post as response:
                    text = await response.text()
        except TimeoutError as error:
            raise BotSilent("http_timeout") from error
        except aiohttp.ClientError as error:
            raise BotSilent("connection_failed") from error
        return Answer(
            status=response.status,
            body=_parsed(text, response.content_type),
            no_retry=response.headers.get("X-Slack-No-Retry") == "1",
        )

    async def _by_socket(
        self,
        kind: EnvelopeType,
        payload: Json,
        *,
        accepts_payload: bool,
        retry: tuple[int, str] | None = None,
    ) -> Answer:
        try:
            body = await self._connections.send(
                kind,
                payload,
                accepts_payload=accepts_payload,
                patience=self.patience,
                retry=retry,
            )
        except (TimeoutError, ConnectionError) as error:
            raise BotSilent("timeout") from error
        return Answer(status=200, body=body)


def _parsed(text: str, content_type: str) -> Json | str:
    if content_type != "application/json":
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text
