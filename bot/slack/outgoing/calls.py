"""Calls of Slack's Web API: each is made once, within a deadline; a bad answer becomes an error."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
import orjson
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import MessageRejected, MessengerError, MessengerUnavailable, Refusal
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.text import Words, say
from bot.slack.absolute_dates import KEPT_METHODS, absolute_dates_in
from bot.slack.blocks import Json
from bot.slack.outgoing.counting import counted
from bot.slack.outgoing.refusals import CURES, REFUSALS, WAITS
from bot.slack.outgoing.text_alone import reduced

_log = structlog.get_logger(__name__)

#: Slack then shows no previews of the links in a message.
NO_PREVIEWS: Json = {"unfurl_links": False, "unfurl_media": False}

# No server means a longer wait, and nobody would be notified meanwhile.
_LONGEST_WAIT_SECONDS = 3600.0

# The client formats each call and its answer for a logger that has no level of its own, even if
# nobody reads the log.
_QUIET = logging.getLogger("bot.slack.client")
_QUIET.setLevel(logging.WARNING)

_NETWORK_HINT = say("See status.slack.com and whether this host may reach Slack.")
_PROXY_HINT = say("Check VISJOB_PROXY_URL and whether the proxy lets this host reach Slack.")
_OF_THE_PROXY = (aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer by which Slack confirms a call."""

    method: str
    data: Json
    headers: Mapping[str, str]

    def part(self, kind: type[Part], *path: str) -> Part:
        """Return what the answer holds at a path of names. Raises MessengerUnavailable if that is
        missing or of another kind."""
        found: object = self.data
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, kind):
            raise unclear(self.method)
        return found

    @property
    def next_cursor(self) -> str:
        """The cursor of the next page; empty on the last page."""
        more = self.data.get("response_metadata")
        return str(more.get("next_cursor") or "") if isinstance(more, dict) else ""

    @property
    def date(self) -> datetime | None:
        """The time of the answer by Slack's clock; None if the answer names none."""
        try:
            date = parsedate_to_datetime(self.headers.get("Date", ""))
        except (ValueError, TypeError, OverflowError):
            return None
        return date.replace(tzinfo=date.tzinfo or UTC)


class SlackCalls:
    """A Web API client that never repeats a call by itself: a repeated post is a second message.

    `timeout` is the absolute deadline of one call, in seconds.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        timeout: float,
        proxy_url: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        meter: Meter = UNMETERED,
    ) -> None:
        # This client is for Bolt, which copies it around, so it gets no token.
        self.client = AsyncWebClient(
            base_url=api_url,
            session=session,
            timeout=int(timeout),
            ssl=ssl_context,
            retry_handlers=[],
            logger=_QUIET,
        )
        # Without a proxy of ours the constructor takes one from the environment: overwrite it.
        self.client.proxy = proxy_url
        self._session = session
        self._meter = meter
        self._timeout = timeout
        self._hint = _PROXY_HINT if proxy_url else _NETWORK_HINT
        self._way: dict[str, Any] = {"proxy": proxy_url, "ssl": ssl_context or True}
        self._authorized = {**self.client.headers, "Authorization": f"Bearer {token}"}
        self._of_json = {**self._authorized, "Content-Type": "application/json;charset=utf-8"}

    async def write(self, method: str, **arguments: Any) -> Answer:
        """Call a method that changes something. Raises MessageRejected if surely nothing changed,
        and MessengerUnavailable if something may have changed."""
        return await self._write(method, arguments, self._timeout)

    async def show(self, method: str, **message: Any) -> Answer:
        """Send a message as `write` does. If Slack refuses its blocks or its broadcast, send it
        without them, once and within the same deadline."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        try:
            return await self._write(method, message, self._timeout)
        except MessageRejected as error:
            rest = reduced(message, error)
        if method == "chat.update":
            # Slack keeps the blocks of a message that is edited without the `blocks` argument.
            rest.setdefault("blocks", [])
        return await self._write(method, rest, deadline - loop.time())

    async def read(self, method: str, **arguments: str | int | bool) -> Answer:
        """Call a method that takes no JSON, with query parameters. Raises MessengerError."""
        params = {name: str(int(v) if isinstance(v, bool) else v) for name, v in arguments.items()}
        request = {"params": params, "headers": self._authorized}
        return await self._call("GET", method, request, self._timeout)

    async def _write(self, method: str, arguments: Json, seconds: float) -> Answer:
        body = orjson.dumps(arguments)
        if method in KEPT_METHODS:
            body = absolute_dates_in(body)
        request = {"data": body, "headers": self._of_json}
        return await self._call("POST", method, request, seconds)

    async def _call(self, verb: str, method: str, request: Json, seconds: float) -> Answer:
        with counted(method, self._meter):
            return await self._send(verb, method, request, seconds)

    async def _send(self, verb: str, method: str, request: Json, seconds: float) -> Answer:
        # Not by the official client, which would double the cost of a post.
        url = self.client.base_url + method
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(verb, url, **self._way, **request) as response,
            ):
                data = _decode(await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
            # There was no connection, so not one byte of the request was sent.
            words = say("Slack cannot be reached.")
            if isinstance(error, _OF_THE_PROXY):
                words = say("The proxy does not connect to Slack.")
            raise MessageRejected(words, refusal=Refusal.NOT_SENT, hint=self._hint) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MessengerUnavailable(
                say("Slack did not answer {method}.", method=method), hint=self._hint
            ) from error
        if response.status == 200 and data.get("ok") is True:
            return Answer(method, data, response.headers)
        raise error_of(method, response.status, data, response.headers)


def without_redirects() -> aiohttp.TraceConfig:
    """Return a trace for the session that refuses redirects: Slack's Web API never redirects."""

    async def refuse(*_: object) -> None:
        raise aiohttp.ClientError("Slack does not redirect.")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse)
    return tracing


def unclear(method: str, code: str = "") -> MessengerUnavailable:
    """Return the error for an answer that is neither a yes nor a known no."""
    return MessengerUnavailable(
        say("Slack gave no clear answer to {method}.", method=method), code=code
    )


def error_of(method: str, status: int, data: Json, headers: Mapping[str, str]) -> MessengerError:
    """Return the error for an answer that is no plain yes; unclear unless it is surely a no."""
    code = str(data.get("error", ""))
    if status == 429:
        refusal: Refusal | None = Refusal.TOO_FAST
    else:
        refusal = REFUSALS.get(code) if status == 200 else None
    if refusal is None:
        return unclear(method, code)
    hint: Words = CURES.get(code, "")
    if code == "missing_scope":
        scope = str(data.get("needed", ""))
        hint = say("Reinstall the app with the scope {scope}.", scope=scope)
    return MessageRejected(
        say("Slack refused {method}.", method=method),
        refusal=refusal,
        retry_after=_seconds(headers.get("Retry-After", "")) or WAITS.get(code),
        hint=hint,
        code=code or str(status),
    )


def _decode(body: bytes) -> Json:
    """Return the object that an answer is; empty for anything else, such as a proxy's page."""
    try:
        data = orjson.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _seconds(header: str) -> float | None:
    # docs.slack.dev/apis/web-api/rate-limits: a whole number of seconds.
    if not header.isascii() or not header.isdigit():
        return None
    asked = float(header)
    if asked > _LONGEST_WAIT_SECONDS:
        _log.warning("retry_after_capped", asked=asked, seconds=_LONGEST_WAIT_SECONDS)
    return min(asked, _LONGEST_WAIT_SECONDS)
