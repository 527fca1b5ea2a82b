"""The HTTP server of `serve`: a handful of exact paths, everything else is refused."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

# Also how long a new connection may take to send its first headers.
_IDLE_SECONDS = 20.0

Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """The one method that a path takes, and who answers."""

    method: str
    handler: Handler


class HttpServer:
    """Serves `routes` by exact path. aiohttp's own router would cost a command a tenth more."""

    def __init__(self, routes: Mapping[str, Route]) -> None:
        self._routes = routes
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str | None, port: int) -> int:
        """Listen; the port it got (0 asks for any). Raises OSError if the port is taken."""
        server = web.Server(
            self._dispatch, keepalive_timeout=_IDLE_SECONDS, lingering_time=0, access_log=None
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=15)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=1024)
        await site.start()
        address = self._runner.addresses[0]
        return int(address[1])

    async def close(self) -> None:
        """Take no new connection and let requests under way finish (15 s at most)."""
        if self._runner:
            await self._runner.cleanup()

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
