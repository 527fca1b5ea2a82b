"""The HTTP server of `serve`: a handful of exact paths, everything else is refused."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.serve.connections import BoundedServer, Handler
from bot.slack.incoming.tally import Tally

# Also how long a new connection may take to send its first headers.
_IDLE_SECONDS = 20.0
# Twice at worst: for requests to end, and for them to be given up.
_CLOSE_SECONDS = 3.0
# With it, a burst cannot open more files than a process may have.
_BACKLOG = 256

_server_log = logging.getLogger("bot.serve.http")


@dataclass(frozen=True, slots=True)
class Route:
    """The one method that a path takes, and who answers."""

    method: str
    handler: Handler


class HttpServer:
    """Serves `routes` by exact path. aiohttp's own router would cost a command a tenth more."""

    def __init__(self, routes: Mapping[str, Route], *, tally: Tally) -> None:
        self._routes = routes
        self._tally = tally
        self._noise = _Noise(tally)
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str | None, port: int) -> int:
        """Listen; the port it got (0 asks for any). Raises OSError if the port is taken."""
        _server_log.addFilter(self._noise)
        server = BoundedServer(
            self._dispatch,
            tally=self._tally,
            logger=_server_log,
            access_log=None,
            keepalive_timeout=_IDLE_SECONDS,
            lingering_time=0,
            # Nothing is unpacked before it is proved to come from Slack, which packs nothing.
            auto_decompress=False,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=_CLOSE_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=_BACKLOG)
        await site.start()
        address = self._runner.addresses[0]
        return int(address[1])

    async def close(self) -> None:
        """Take no new connection, and let requests under way finish for some seconds."""
        if self._runner:
            await self._runner.cleanup()
        _server_log.removeFilter(self._noise)

    async def _dispatch(self, request: web.BaseRequest) -> web.Response:
        response = await self._answer(request)
        response.headers["Server"] = "VisJob"  # aiohttp's own tells versions
        return response

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        route = self._routes.get(request.rel_url.raw_path)
        if route is None:
            return web.Response(status=404, text="There is nothing here.\n")
        # aiohttp leaves the body of an answer to HEAD out.
        asked = "GET" if request.method == "HEAD" else request.method
        if asked != route.method:
            allowed = "GET, HEAD" if route.method == "GET" else route.method
            return web.Response(status=405, headers={"Allow": allowed})
        return await route.handler(request)


class _Noise(logging.Filter):
    """Counts what is no HTTP, of which aiohttp writes a traceback each."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            return True
        self._tally.count("request_malformed", type(error).__name__)
        return False
