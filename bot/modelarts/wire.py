"""The wire: one HTTP client that bounds every answer in time and size before anybody reads it.

It knows no vendor. It keeps no cookies, follows no redirect, decodes no Content-Encoding and reads
no proxy from the environment. Nothing is sent twice, with one exception of aiohttp's: a GET whose
kept-alive connection turns out to have been closed before an answer began goes out once more on a
new connection; a POST never does.
"""

import asyncio
import ssl
from contextlib import aclosing
from typing import cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.core.errors import SourceUnavailable

LARGEST_ANSWER = 1024 * 1024
#: Tokens are kilobytes long and come in a header; the gateway's own limit for one is 32 KB.
LARGEST_HEADER = 64 * 1024

_CLOUD_SIDE = "The cloud, or the network between it and the bot, is down. Try again in a minute."
_OUR_SIDE = "Check MODELARTS_ENDPOINT, MODELARTS_IAM_ENDPOINT and VISJOB_PROXY_URL."


class Wire:
    """Sends one request at a time for whoever asks; all share its connections."""

    def __init__(
        self, *, timeout: float, proxy_url: str | None, tls: ssl.SSLContext | None
    ) -> None:
        """Without `tls` the system's certificates are trusted, which aiohttp has read already."""
        self._timeout = timeout
        # Without httpx's client around it: what that adds is cookies, redirects and timeouts per
        # chunk, none of which is wanted, and a quarter of a read's cost.
        self._transport = _open_transport(tls, proxy_url)

    async def ask(self, request: httpx.Request, auth: httpx.Auth) -> httpx.Response:
        """Send it and read the whole answer within the deadline, login included.

        Raises SourceUnavailable where there is no answer that can be read.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._send(request, auth)
        except TimeoutError as error:
            service = request.extensions.get("waits_for", request.extensions["service"])
            raise SourceUnavailable(
                f"{service} did not answer within {self._timeout:g} s.", hint=_CLOUD_SIDE
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
            raise _explain(error, request) from error
        except (ValueError, LookupError) as error:
            # What the libraries let through of an answer that is not HTTP.
            raise _no_http(request) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _send(self, request: httpx.Request, auth: httpx.Auth) -> httpx.Response:
        """Do what `auth` says: each request it yields is sent, until it has no more."""
        async with aclosing(auth.async_auth_flow(request)) as flow:
            request = await anext(flow)
            while True:
                response = await self._exchange(request)
                try:
                    request = await flow.asend(response)
                except StopAsyncIteration:
                    return response

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self._transport.handle_async_request(request)
            try:
                _check(answer, _name(request))
                content = await _read(answer, _name(request))
            finally:
                await answer.aclose()
        except httpx.RequestError as error:
            error.request = request
            raise
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=content, request=request
        )


def _open_transport(tls: ssl.SSLContext | None, proxy_url: str | None) -> AiohttpTransport:
    return AiohttpTransport(
        # The session goes by its own. Given nothing, httpx would read a bundle of certificates
        # for one that is never used; this one trusts nobody.
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        proxy=_open_proxy(proxy_url) if proxy_url else None,
        client=lambda: aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls or True),
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=LARGEST_HEADER,
        ),
    )


def _open_proxy(proxy_url: str) -> httpx.Proxy:
    url = httpx.URL(proxy_url)
    headers = {}
    if url.userinfo:
        headers["Proxy-Authorization"] = aiohttp.encode_basic_auth(url.username, url.password)
    return httpx.Proxy(url.copy_with(username=None, password=None), headers=headers)


def _check(answer: httpx.Response, service: str) -> None:
    """Raises SourceUnavailable for an answer that is not read at all."""
    if 300 <= answer.status_code < 400:
        raise SourceUnavailable(
            f"{service} sent us to another address (HTTP {answer.status_code}), where we do not"
            " go.",
            hint=_OUR_SIDE,
        )
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise SourceUnavailable(
            f"{service} answered in the encoding {encoding[:20]!r}, which was not asked for.",
            hint=_OUR_SIDE,
        )


async def _read(answer: httpx.Response, service: str) -> bytes:
    """The body, as it came. Raises SourceUnavailable as soon as it is too large."""
    chunks, size = [], 0
    # The response's own ways to read it would put two more generators around the stream's.
    async for chunk in cast(httpx.AsyncByteStream, answer.stream):
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise SourceUnavailable(
                f"{service} answered with more than {LARGEST_ANSWER // 1024} KiB.",
                hint=_OUR_SIDE,
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _name(request: httpx.Request) -> str:
    return str(request.extensions["service"])


def _explain(error: Exception, request: httpx.Request) -> SourceUnavailable:
    # The transport hides the reason of a failed connection in the cause.
    reason = error.__cause__ or error
    asked = error.request if isinstance(error, httpx.RequestError) else request
    host = asked.url.host
    if isinstance(reason, aiohttp.ClientSSLError | ssl.SSLError):
        return SourceUnavailable(
            f"The certificate of {host} is not one that we trust.",
            hint="Nothing was sent. If a proxy of your own stands between, set VISJOB_CA_FILE.",
        )
    if isinstance(reason, aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError):
        return SourceUnavailable(
            f"The proxy does not connect us to {host}.", hint="Check VISJOB_PROXY_URL."
        )
    if isinstance(reason, aiohttp.ClientPayloadError):
        return SourceUnavailable(f"{_name(asked)}'s answer was cut off.", hint=_CLOUD_SIDE)
    if isinstance(reason, aiohttp.ClientConnectorDNSError):
        return SourceUnavailable(f"The name {host} cannot be looked up.", hint=_OUR_SIDE)
    if isinstance(reason, aiohttp.ClientConnectionError | OSError):
        return SourceUnavailable(
            f"{_name(asked)} cannot be reached at {host}.", hint=f"{_CLOUD_SIDE} {_OUR_SIDE}"
        )
    return _no_http(asked)


def _no_http(request: httpx.Request) -> SourceUnavailable:
    return SourceUnavailable(
        f"What answered at {request.url.host} does not speak HTTP as it should.", hint=_OUR_SIDE
    )
