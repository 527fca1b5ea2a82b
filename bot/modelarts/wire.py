"""The wire: one HTTP client that bounds every answer in time and size before anybody reads it.

It knows no vendor. It keeps no cookies, follows no redirect, decodes no Content-Encoding and reads
no proxy from the environment. Nothing is sent twice, with one exception of aiohttp's: a GET whose
kept-alive connection turns out to have been closed before an answer began goes out once more on a
new connection; a POST never does.
"""

import asyncio
import ssl
from contextlib import aclosing
from typing import Any

import aiohttp
import httpx
from yarl import URL

from bot.core.errors import SourceUnavailable

LARGEST_ANSWER = 1024 * 1024
#: Tokens are kilobytes long and come in a header; the gateway's own limit for one is 32 KB.
LARGEST_HEADER = 64 * 1024

_CLOUD_SIDE = "The cloud, or the network between it and the bot, is down. Try again in a minute."
_OUR_SIDE = "Check MODELARTS_ENDPOINT, MODELARTS_IAM_ENDPOINT and VISJOB_PROXY_URL."


class Wire:
    """Sends one request at a time for whoever asks; all share its connections.

    httpx says what is sent and what came, aiohttp moves it: httpx's own connections cost several
    times as much, and its client adds cookies, redirects and a timeout for each chunk, none of
    which is wanted.
    """

    def __init__(
        self, *, timeout: float, proxy_url: str | None, tls: ssl.SSLContext | None
    ) -> None:
        """Without `tls` the system's certificates are trusted, which aiohttp has read already."""
        self._timeout = timeout
        self._tls = tls
        self._way = _through(proxy_url) if proxy_url else {}
        self._opened: aiohttp.ClientSession | None = None

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

    async def close(self) -> None:
        """Close every connection."""
        if self._opened is not None:
            await self._opened.close()

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
            async with self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
                **self._way,
            ) as answer:
                _check(answer, _name(request))
                content = await _read(answer, _name(request))
        except (aiohttp.ClientError, OSError) as error:
            raise _explain(error, request) from error
        except (ValueError, LookupError) as error:
            # What the library lets through of an answer that is not HTTP.
            raise _no_http(request) from error
        return httpx.Response(
            answer.status, headers=answer.raw_headers, content=content, request=request
        )

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            # Not before the loop runs.
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=self._tls or True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(),
                auto_decompress=False,
                max_field_size=LARGEST_HEADER,
            )
        return self._opened


def _through(proxy_url: str) -> dict[str, Any]:
    url = URL(proxy_url)
    login = {}
    if url.user is not None:
        login["Proxy-Authorization"] = aiohttp.encode_basic_auth(url.user, url.password or "")
    return {"proxy": url.with_user(None), "proxy_headers": login}


def _check(answer: aiohttp.ClientResponse, service: str) -> None:
    """Raises SourceUnavailable for an answer that is not read at all."""
    if 300 <= answer.status < 400:
        raise SourceUnavailable(
            f"{service} sent us to another address (HTTP {answer.status}), where we do not go.",
            hint=_OUR_SIDE,
        )
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise SourceUnavailable(
            f"{service} answered in the encoding {encoding[:20]!r}, which was not asked for.",
            hint=_OUR_SIDE,
        )


async def _read(answer: aiohttp.ClientResponse, service: str) -> bytes:
    """The body, as it came. Raises SourceUnavailable as soon as it is too large."""
    chunks, size = [], 0
    while chunk := await answer.content.readany():
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
    host = request.url.host
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return SourceUnavailable(
            f"The certificate of {host} is not one that we trust.",
            hint="Nothing was sent. If a proxy of your own stands between, set VISJOB_CA_FILE.",
        )
    if isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError):
        return SourceUnavailable(
            f"The proxy does not connect us to {host}.", hint="Check VISJOB_PROXY_URL."
        )
    if isinstance(error, aiohttp.ClientPayloadError):
        return SourceUnavailable(f"{_name(request)}'s answer was cut off.", hint=_CLOUD_SIDE)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return SourceUnavailable(f"The name {host} cannot be looked up.", hint=_OUR_SIDE)
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return SourceUnavailable(
            f"{_name(request)} cannot be reached at {host}.", hint=f"{_CLOUD_SIDE} {_OUR_SIDE}"
        )
    return _no_http(request)


def _no_http(request: httpx.Request) -> SourceUnavailable:
    return SourceUnavailable(
        f"What answered at {request.url.host} does not speak HTTP as it should.", hint=_OUR_SIDE
    )
