"""The client of the cloud: httpx asks, aiohttp's connections carry it, and every answer is bounded.

It knows no vendor and no login. It keeps no cookies, follows no redirect and reads nothing from
the environment. Nothing is sent twice, with one exception of aiohttp's: a GET whose kept-alive
connection turns out to have been closed before an answer began goes out once more on a new
connection; a POST never does.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import aiohttp
import httpx
from yarl import URL

from bot.core.text import say
from bot.modelarts.body import AnswerRefused, read_body

HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "visjob"}

#: Tokens are kilobytes long and come in a header; the gateway's own limit for one is 32 KB.
LARGEST_HEADER = 64 * 1024
MOST_CONNECTIONS = 100
#: aiohttp takes at most twice as many bytes, or a sixteenth as many chunks, in one step.
READ_AT_ONCE = 64 * 1024


class UntrustedCertificate(httpx.ConnectError):
    """Nobody whom we trust vouches for the other side."""


class UnknownHost(httpx.ConnectError):
    """No address is known for the name."""


@asynccontextmanager
async def open_client(
    *, proxy_url: str | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """The one client of a program; closed at the end, with all of its connections.

    It sets no deadline: whoever calls does, for the whole call. Without `tls` the system's
    certificates are trusted, which aiohttp has read already.
    """
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls or True, limit=MOST_CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),
            auto_decompress=False,
            read_bufsize=READ_AT_ONCE,
            max_field_size=LARGEST_HEADER,
        ) as session,
        httpx.AsyncClient(
            transport=AiohttpTransport(session, proxy_url=proxy_url),
            headers=HEADERS,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=None,  # noqa: S113 - `Calls` sets one, for the whole call
            follow_redirects=False,
            trust_env=False,
        ) as client,
    ):
        yield client


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Moves one request and its whole answer over a session that somebody else closes.

    httpx's own pool costs several times as much CPU where many calls are under way.
    """

    def __init__(self, session: aiohttp.ClientSession, *, proxy_url: str | None = None) -> None:
        self._session = session
        self._way = _through(proxy_url) if proxy_url else {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it as it is. Raises httpx.TransportError where no whole answer can be read."""
        try:
            async with self._session.request(
                request.method,
                # The very target that was signed: nothing is quoted again.
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=await request.aread() or None,
                allow_redirects=False,
                **self._way,
            ) as answer:
                if 300 <= answer.status < 400:
                    raise AnswerRefused(
                        say(
                            "a redirect (HTTP\u00a0{status}), which is not followed",
                            status=answer.status,
                        )
                    )
                encoding = answer.headers.get("Content-Encoding", "")
                content = await read_body(answer.content, encoding=encoding)
        except (aiohttp.ClientError, OSError, ValueError, LookupError) as error:
            raise _translate(error) from error
        headers = [field for field in answer.raw_headers if field[0].lower() not in _OF_THE_WIRE]
        return httpx.Response(answer.status, headers=headers, content=content)


# What they say is no longer true of a body that was read and decoded.
_OF_THE_WIRE = {b"content-encoding", b"content-length", b"transfer-encoding"}


def _through(proxy_url: str) -> dict[str, Any]:
    url = URL(proxy_url)
    login = {}
    if url.user is not None:
        login["Proxy-Authorization"] = aiohttp.encode_basic_auth(url.user, url.password or "")
    return {"proxy": url.with_user(None), "proxy_headers": login}


def _translate(error: Exception) -> httpx.TransportError:
    for ours, theirs in _MEANINGS:
        if isinstance(error, ours):
            return theirs(str(error))
    # Also what aiohttp lets through of an answer that is not HTTP.
    return httpx.RemoteProtocolError(str(error))


# The first that fits.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], type[httpx.TransportError]], ...] = (
    ((aiohttp.ClientSSLError, ssl.SSLError), UntrustedCertificate),
    ((aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError), httpx.ProxyError),
    ((aiohttp.ClientPayloadError,), httpx.ReadError),
    ((aiohttp.ClientConnectorDNSError,), UnknownHost),
    ((aiohttp.InvalidURL,), httpx.UnsupportedProtocol),
    ((aiohttp.ClientConnectionError, OSError), httpx.NetworkError),
)
