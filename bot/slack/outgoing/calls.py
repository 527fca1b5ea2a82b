"""One call of Slack's Web API: made once, within a deadline, and its answer judged."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import orjson
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import (
    MessageRejected,
    MessengerError,
    MessengerUnavailable,
    Refusal,
)
from bot.core.ports.meter import UNMETERED, Meter
from bot.core.text import Words, say
from bot.slack.blocks import Json
from bot.slack.lasting import LASTING, with_dates
from bot.slack.outgoing.counting import counted
from bot.slack.outgoing.refusals import CURES, REFUSALS, WAITS

_log = structlog.get_logger(__name__)

# Nobody means a longer wait, and no news would be told meanwhile.
_LONGEST_WAIT_SECONDS = 3600.0

# The client writes each call and its answer out for a logger whose own level is not set, also
# where nobody reads it.
_QUIET = logging.getLogger("bot.slack.client")
_QUIET.setLevel(logging.WARNING)

_NETWORK_HINT = say("See status.slack.com and whether this host may reach Slack.")


@dataclass(frozen=True, slots=True)
class Answer:
    """A plain yes of Slack's."""

    data: Json
    headers: Mapping[str, str]

    @property
    def date(self) -> datetime | None:
        """The time by Slack's clock."""
        try:
            date = parsedate_to_datetime(self.headers.get("Date", ""))
        except (ValueError, TypeError, OverflowError):
            return None
        return date.replace(tzinfo=date.tzinfo or UTC)


class SlackCalls:
    """Calls Slack without ever repeating a call by itself: a repeated post is a second message.

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
        # For Bolt, which copies it about: so it has no token.
        self.client = AsyncWebClient(
            base_url=api_url,
            session=session,
            timeout=int(timeout),
            ssl=ssl_context,
            retry_handlers=[],
            logger=_QUIET,
        )
        # The client reads the usual proxy variables when it is given none; we have our own.
        self.client.proxy = proxy_url
        self._session = session
        self._meter = meter
        self._timeout = timeout
        self._way: dict[str, Any] = {"proxy": proxy_url, "ssl": ssl_context or True}
        self._authorized = {**self.client.headers, "Authorization": f"Bearer {token}"}
        self._of_json = {**self._authorized, "Content-Type": "application/json;charset=utf-8"}

    async def write(self, method: str, **arguments: Any) -> Answer:
        """Call a method that changes something. Raises MessageRejected (it surely did not) or
        MessengerUnavailable (it may have)."""
        body = orjson.dumps(arguments)
        if method in LASTING:
            body = with_dates(body)
        return await self._call("POST", method, data=body, headers=self._of_json)

    async def read(self, method: str, **arguments: str | int | bool) -> Answer:
        """Call a method that takes no JSON. Raises MessengerError."""
        params = {name: str(int(v) if isinstance(v, bool) else v) for name, v in arguments.items()}
        return await self._call("GET", method, params=params, headers=self._authorized)

    async def _call(self, verb: str, method: str, **request: Any) -> Answer:
        with counted(method, self._meter):
            return await self._send(verb, method, **request)

    async def _send(self, verb: str, method: str, **request: Any) -> Answer:
        # Not by the official client: half of what a post costs would be its own.
        url = self.client.base_url + method
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._session.request(verb, url, **self._way, **request) as response,
            ):
                data = _decode(await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
            # No connection, so not one byte of the request was sent.
            raise MessageRejected(
                say("Slack cannot be reached."), refusal=Refusal.NOT_SENT, hint=_NETWORK_HINT
            ) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MessengerUnavailable(
                say("Slack did not answer {method}.", method=method), hint=_NETWORK_HINT
            ) from error
        if response.status == 200 and data.get("ok") is True:
            return Answer(data, response.headers)
        raise judged(method, response.status, data, response.headers)


def without_redirects() -> aiohttp.TraceConfig:
    """For the session: Slack's Web API never redirects, so whoever does is not Slack."""

    async def refuse(*_: object) -> None:
        raise aiohttp.ClientError("Slack does not redirect.")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse)
    return tracing


def unclear(method: str, code: str = "") -> MessengerUnavailable:
    """Slack answered, and nobody knows what that means."""
    return MessengerUnavailable(
        say("Slack gave no clear answer to {method}.", method=method), code=code
    )


def judged(method: str, status: int, data: Json, headers: Mapping[str, str]) -> MessengerError:
    """What an answer other than a plain yes means. What is not surely a no is unclear."""
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
    """The object that an answer is; empty for whatever else a proxy may have said."""
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
