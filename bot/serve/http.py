"""The HTTP server of `serve`: it serves a few exact paths and refuses all others."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.serve.connections import BoundedServer, Handler
from bot.slack.incoming.tally import Tally

# This is also the time that a new connection has to send its first headers.
_IDLE_SECONDS = 20.0
# Closing takes twice this at worst: requests may finish first, and are then cancelled.
_CLOSE_SECONDS = 3.0
# The backlog keeps a burst from opening more files than a process may have.
_BACKLOG = 256

_server_log = logging.getLogger("bot.serve.http")


@dataclass(frozen=True, slots=True)
class Route:
    """The one method that a path accepts, and its handler."""

    method: str
    handler: Handler


class HttpServer:
    """Serves `routes` by exact path, because aiohttp's router makes a command a tenth slower."""

    def __init__(self, routes: Mapping[str, Route], *, tally: Tally) -> None:
        self._routes = routes
        self._tally = tally
        self._noise = _Noise(tally)
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str | None, port: int) -> int:
        """Listen, and return the port; 0 asks for a free one. Raises OSError if it is taken."""
        _server_log.addFilter(self._noise)
        server = BoundedServer(
            self._answer,
            refuse=self._refuse,
            tally=self._tally,
            logger=_server_log,
            access_log=None,
            keepalive_timeout=_IDLE_SECONDS,
            lingering_time=0,
            # No body is decompressed before its signature is checked, and Slack compresses none.
            auto_decompress=False,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=_CLOSE_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=_BACKLOG)
        await site.start()
        address = self._runner.addresses[0]
        return int(address[1])

    async def close(self) -> None:
        """Refuse new connections, and let requests under way finish for some seconds."""
        if self._runner:
            await self._runner.cleanup()
        _server_log.removeFilter(self._noise)

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        path = request.rel_url.raw_path
        route = self._routes.get(path)
        # aiohttp drops the body of an answer to HEAD.
        asked = "GET" if request.method == "HEAD" else request.method
        if route is None or asked != route.method:
            return self._refuse(path)
        return await route.handler(request)

    def _refuse(self, target: str) -> web.Response:
        """Answer 404 for an unknown path, 405 for a wrong method."""
        route = self._routes.get(target.partition("?")[0])
        if route is None:
            return web.Response(status=404, text="There is nothing here.\n")
        allowed = "GET, HEAD" if route.method == "GET" else route.method
        return web.Response(status=405, headers={"Allow": allowed})


class _Noise(logging.Filter):
    """A log filter that counts malformed requests, and drops aiohttp's traceback of each."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            return True
        self._tally.count("request_malformed", type(error).__name__)
        return False
