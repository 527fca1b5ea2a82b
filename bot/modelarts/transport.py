"""The HTTP client of the cloud: httpx over the connections of aiohttp, with bounded answers.

It knows no vendor and no login. It keeps no cookies, follows no redirect and reads nothing from
the environment. It sends nothing twice, with one exception of aiohttp's: if a kept-alive connection
turns out to have been closed before an answer began, a GET is sent once more on a new connection; a
POST never is.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx
from yarl import URL

from bot.core.text import say
from bot.modelarts.body import AnswerRefused, read_body

HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "visjob"}

#: A header carries a token of several kilobytes; the gateway's own limit for a token is 32 KB.
LARGEST_HEADER = 64 * 1024
MOST_CONNECTIONS = 100
#: aiohttp takes at most twice as many bytes, or a sixteenth as many chunks, in one step.
READ_AT_ONCE = 64 * 1024


class UntrustedCertificate(httpx.ConnectError):
    """The certificate of the other side is not trusted."""


class UnknownHost(httpx.ConnectError):
    """The name of the host has no known address."""


@asynccontextmanager
async def open_client(
    *, proxy_url: str | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Open the program's one HTTP client; close it, with all of its connections, at the end.

    It sets no deadline: the caller sets one for the whole call. Without `tls` the system's
    certificates are trusted, which aiohttp has already loaded.
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
        _Client(
            transport=AiohttpTransport(session, proxy_url=proxy_url),
            headers=HEADERS,
            timeout=None,  # `Calls` sets one, for the whole call
            follow_redirects=False,
            trust_env=False,
        ) as client,
    ):
        yield client


class _NoCookies(httpx.Cookies):
    """A jar that stays empty: httpx's own makes two urllib objects per answer to find no cookie."""

    def extract_cookies(self, response: httpx.Response) -> None: ...


class _Client(httpx.AsyncClient):
    @property
    def cookies(self) -> httpx.Cookies:
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None: ...


_NO_COOKIES = _NoCookies()


class AiohttpTransport(httpx.AsyncBaseTransport):
    """A transport that sends a request and reads its whole answer; the caller closes the session.

    httpx's own pool uses several times as much CPU while many calls are under way.
    """

    def __init__(self, session: aiohttp.ClientSession, *, proxy_url: str | None) -> None:
        self._session = session
        self._way = _through(proxy_url) if proxy_url else {}
        self._proxy_host = URL(proxy_url).host if proxy_url else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request unchanged. Raises httpx.TransportError if no whole answer can be read."""
        try:
            async with self._session.request(
                request.method,
                # The URL was signed in exactly this spelling, so aiohttp must not quote it again.
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
            raise _translate(error, proxy_host=self._proxy_host) from error
        headers = [field for field in answer.raw_headers if field[0].lower() not in _OF_THE_WIRE]
        return httpx.Response(answer.status, headers=headers, content=content)


# These headers describe the body as it was transferred, not as it was decoded here.
_OF_THE_WIRE = {b"content-encoding", b"content-length", b"transfer-encoding"}


def _through(proxy_url: str) -> dict[str, Any]:
    url = URL(proxy_url)
    login = {}
    if url.user is not None:
        login["Proxy-Authorization"] = aiohttp.encode_basic_auth(url.user, url.password or "")
    return {"proxy": url.with_user(None), "proxy_headers": login}


def _translate(error: Exception, *, proxy_host: str | None) -> httpx.TransportError:
    if isinstance(error, aiohttp.ClientConnectorDNSError) and error.host == proxy_host:
        return httpx.ProxyError(str(error))
    for ours, theirs in _MEANINGS:
        if isinstance(error, ours):
            return theirs(str(error))
    # Also for an answer that is not HTTP: aiohttp lets other exceptions through for it.
    return httpx.RemoteProtocolError(str(error))


# The first match counts.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], type[httpx.TransportError]], ...] = (
    ((aiohttp.ClientSSLError, ssl.SSLError), UntrustedCertificate),
    ((aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError), httpx.ProxyError),
    ((aiohttp.ClientPayloadError,), httpx.ReadError),
    ((aiohttp.ClientConnectorDNSError,), UnknownHost),
    ((aiohttp.InvalidURL,), httpx.UnsupportedProtocol),
    ((aiohttp.ClientConnectionError, OSError), httpx.NetworkError),
)
