"""Calls to the cloud: each with a login and within a deadline.

This module alone translates the errors that the HTTP client raises.
"""

import asyncio

import httpx
import structlog

from bot.core.errors import JobSourceError, SourceRefused, SourceUnavailable
from bot.core.ports.tracing import is_asked_for, span
from bot.core.text import Text, Words, say, sentences
from bot.modelarts.body import AnswerRefused
from bot.modelarts.faults import vendor_request_id
from bot.modelarts.transport import UnknownHost, UntrustedCertificate

_log = structlog.get_logger(__name__)

_CLOUD_SIDE = say(
    "The cloud, or the network between it and the bot, is down. Try again in a minute."
)
_OUR_SIDE = say("Check MODELARTS_ENDPOINT, MODELARTS_IAM_ENDPOINT and VISJOB_PROXY_URL.")


class Calls:
    """Calls with one login. `timeout` bounds a whole call in seconds, login included."""

    def __init__(self, client: httpx.AsyncClient, login: httpx.Auth, *, timeout: float) -> None:
        self._client = client
        self._login = login
        self._timeout = timeout

    async def get(self, url: httpx.URL) -> httpx.Response:
        """Return the answer, whatever it says. Raises JobSourceError if no answer can be read."""
        return await self._call("GET", url)

    async def post(self, url: httpx.URL) -> httpx.Response:
        """Send a POST without a body, once at the most. Returns and raises as `get` does."""
        return await self._call("POST", url)

    async def _call(self, method: str, url: httpx.URL) -> httpx.Response:
        """Send a request and trace it. A call that a person waits for is logged, good or bad."""
        began = asyncio.get_running_loop().time()
        # The path contains only ids. The query and the headers are neither logged nor traced.
        facts: dict[str, str | int] = {"method": method, "path": url.path}
        with span("cloud call", **facts) as traced:
            try:
                answer = await self._send(method, url)
                facts["status"] = answer.status_code
                facts["vendor_request_id"] = vendor_request_id(answer)
            except JobSourceError as error:
                facts["failure"] = type(error).__name__
                traced.fail(type(error).__name__)
                raise
            finally:
                traced.note(**facts)
                if is_asked_for():
                    spent = asyncio.get_running_loop().time() - began
                    _log.info("cloud_called", **facts, seconds=round(spent, 3))
        return answer

    async def _send(self, method: str, url: httpx.URL) -> httpx.Response:
        # Not `client.build_request`: it merges a base URL and cookies, which are empty here.
        request = httpx.Request(
            method, url, headers=self._client.headers, extensions={"service": "ModelArts"}
        )
        try:
            # The client's own timeouts bound single steps; this one bounds the whole call.
            async with asyncio.timeout(self._timeout):
                return await self._client.send(request, auth=self._login)
        except TimeoutError as error:
            service = request.extensions.get("waits_for", request.extensions["service"])
            raise SourceUnavailable(
                say(
                    "{service} did not answer within {count}\u00a0s.",
                    service=service,
                    count=format(self._timeout, "g"),
                ),
                hint=_CLOUD_SIDE,
            ) from error
        except httpx.RequestError as error:
            raise _explain(error) from error
        except httpx.InvalidURL as error:
            raise SourceRefused(
                say("The address of IAM is not a valid URL."), hint=_OUR_SIDE
            ) from error


def _explain(error: httpx.RequestError) -> JobSourceError:
    service, host = error.request.extensions["service"], error.request.url.host
    if isinstance(error, httpx.UnsupportedProtocol):
        return SourceRefused(
            say("{service} cannot be asked at such an address.", service=service), hint=_OUR_SIDE
        )
    sentence, hint = _sentence(error, service, host)
    return SourceUnavailable(sentence, hint=hint)


def _sentence(error: httpx.RequestError, service: str, host: str) -> tuple[Text, Words]:
    """Return what happened, and what to do about it."""
    match error:
        case AnswerRefused():
            refused = say("{service}'s answer is no use: {what}.", service=service, what=error.what)
            return refused, _OUR_SIDE
        case UntrustedCertificate():
            return (
                say("The certificate of {host} is not trusted.", host=host),
                say("Nothing was sent. If you use a proxy of your own, set VISJOB_CA_FILE."),
            )
        case UnknownHost():
            return say("The name {host} cannot be looked up.", host=host), _OUR_SIDE
        case httpx.ProxyError():
            refused = say("The proxy does not connect to {host}.", host=host)
            return refused, say("Check VISJOB_PROXY_URL.")
        case httpx.ReadError():
            return say("{service}'s answer was cut off.", service=service), _CLOUD_SIDE
        case httpx.TimeoutException():
            return say("{service} did not answer in time.", service=service), _CLOUD_SIDE
        case httpx.NetworkError():
            unreachable = say("{service} cannot be reached at {host}.", service=service, host=host)
            return unreachable, sentences(_CLOUD_SIDE, _OUR_SIDE)
        case _:
            return say("What answers at {host} does not speak HTTP.", host=host), _OUR_SIDE
