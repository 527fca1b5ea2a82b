"""A limit on open connections, and the choice of the connection to close above the limit."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.serve.reading import Reader, Refuse
from bot.slack.incoming.tally import Tally

#: The usual limit is 1,024 open files; the other half is for the cloud, Slack and the database.
MOST_CONNECTIONS = 512

Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]


class BoundedServer(web.Server):
    """An aiohttp server that keeps at most MOST_CONNECTIONS open."""

    def __init__(self, answer: Handler, *, refuse: Refuse, tally: Tally, **options: Any) -> None:
        """Take `refuse` for methods that aiohttp does not know; `options` are aiohttp's own."""
        super().__init__(self._answer_noted)
        self._options = options
        self._refuse = refuse
        self._answer = answer
        self._tally = tally
        #: The request under way on each connection, None if there is none; the longest unchanged
        #: first.
        self._current: dict[web.RequestHandler, web.BaseRequest | None] = {}

    def __call__(self) -> web.RequestHandler:
        """Return a reader for a new connection."""
        return Reader(self, loop=self._loop, refuse=self._refuse, **self._options)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Accept a connection; above the limit, close the one waiting longest for its client."""
        super().connection_made(handler, transport)
        self._current[handler] = None
        if len(self._current) > MOST_CONNECTIONS:
            self._hang_up_on_the_oldest()

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        """Forget a connection that was closed."""
        super().connection_lost(handler, exc)
        self._current.pop(handler, None)

    async def _answer_noted(self, request: web.BaseRequest) -> web.Response:
        self._put_last(request.protocol, request)
        try:
            return await self._answer(request)
        finally:
            self._put_last(request.protocol, None)

    def _put_last(self, handler: web.RequestHandler, request: web.BaseRequest | None) -> None:
        if handler in self._current:
            del self._current[handler]
            self._current[handler] = request

    def _hang_up_on_the_oldest(self) -> None:
        # There is always one: the new connection has sent no request yet.
        idle = next(one for one, request in self._current.items() if _waits_for_client(request))
        del self._current[idle]
        self._tally.count("connection_closed", "too_many", most=MOST_CONNECTIONS)
        idle.force_close()


def _waits_for_client(request: web.BaseRequest | None) -> bool:
    return request is None or not request.content.is_eof()
