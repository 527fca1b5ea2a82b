"""One call of Slack's Web API: made once, within a deadline, and its answer judged."""

import asyncio
import logging
import ssl
from typing import Any

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import MessageRejected, MessengerError, MessengerUnavailable, Refusal
from bot.slack.refusals import CURES, REFUSALS, WAITS

# The client writes each call and its answer out for a logger whose own level is not set, also
# where nobody reads it.
_QUIET = logging.getLogger("bot.slack.client")
_QUIET.setLevel(logging.WARNING)

_NETWORK_HINT = "See status.slack.com and whether this host may reach Slack."


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
    ) -> None:
        # The token goes into each call: the client is handed to Bolt, which copies it about.
        self._authorization = {"Authorization": f"Bearer {token}"}
        self._of_json = {**self._authorization, "Content-Type": "application/json;charset=utf-8"}
        self._timeout = timeout
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

    async def write(self, method: str, **arguments: Any) -> Any:
        """Call a method that changes something. Raises MessageRejected (it surely did not) or
        MessengerUnavailable (it may have)."""
        body: Any = orjson.dumps(arguments)  # the client would let a slower encoder do it
        return await self._call(method, data=body, headers=dict(self._of_json))

    async def read(self, method: str, **arguments: Any) -> Any:
        """Call a method that takes no JSON. Raises MessengerError."""
        headers = dict(self._authorization)
        return await self._call(method, http_verb="GET", params=arguments, headers=headers)

    async def _call(self, method: str, **request: Any) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self.client.api_call(method, **request)
        except SlackApiError as error:
            raise judged(method, error) from error
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
            # No connection, so not one byte of the request was sent.
            raise MessageRejected(
                "Slack cannot be reached.", refusal=Refusal.NOT_SENT, hint=_NETWORK_HINT
            ) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MessengerUnavailable(
                f"Slack did not answer {method}.", hint=_NETWORK_HINT
            ) from error
        except (AttributeError, ValueError) as error:
            # The client takes any text for an object.
            raise unclear(method) from error
        if not isinstance(answer.data, dict) or answer.data.get("ok") is not True:
            raise unclear(method)
        return answer


def without_redirects() -> aiohttp.TraceConfig:
    """For the session: Slack's Web API never redirects, so whoever does is not Slack."""

    async def refuse(*_: object) -> None:
        raise aiohttp.ClientError("Slack does not redirect.")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse)
    return tracing


def unclear(method: str, code: str = "") -> MessengerUnavailable:
    """Slack answered, and nobody knows what that means."""
    return MessengerUnavailable(f"Slack gave no clear answer to {method}.", code=code)


def judged(method: str, error: SlackApiError) -> MessengerError:
    """What an answer other than a plain yes means. What is not surely a no is unclear."""
    answer = error.response
    # An answer that is no JSON is aiohttp's, which names the status otherwise.
    status = getattr(answer, "status_code", None) or getattr(answer, "status", 0)
    data = getattr(answer, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429:
        refusal: Refusal | None = Refusal.TOO_FAST
    else:
        refusal = REFUSALS.get(code) if status == 200 else None
    if refusal is None:
        return unclear(method, code)
    hint = CURES.get(code, "")
    if code == "missing_scope" and isinstance(data, dict):
        hint = f"Reinstall the app with the scope {data.get('needed', '')}."
    return MessageRejected(
        f"Slack refused {method}.",
        refusal=refusal,
        retry_after=_seconds(answer.headers.get("Retry-After", "")) or WAITS.get(code),
        hint=hint,
        code=code or str(status),
    )


def _seconds(header: str) -> float | None:
    # docs.slack.dev/apis/web-api/rate-limits: a whole number of seconds.
    return float(header) if header.isascii() and header.isdigit() else None
