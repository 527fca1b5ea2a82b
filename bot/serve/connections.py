"""How many connections are open at once, and which of them goes when one too many comes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.slack.incoming.tally import Tally

#: A process may often have 1,024 files open; the rest is for the cloud, Slack and the database.
MOST_CONNECTIONS = 512

Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]


class BoundedServer(web.Server):
    """aiohttp's server, with an end to how much anybody can hold open."""

    def __init__(self, answer: Handler, *, tally: Tally, **options: Any) -> None:
        """`options` are aiohttp's own."""
        super().__init__(self._answer_noted, **options)
        self._answer = answer
        self._tally = tally
        #: The request under way on each connection; who has waited longest stands first.
        self._current: dict[web.RequestHandler, web.BaseRequest | None] = {}

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Let one in, and hang up on the one that has waited longest if it is one too many."""
        super().connection_made(handler, transport)
        self._current[handler] = None
        if len(self._current) > MOST_CONNECTIONS:
            self._hang_up_on_the_oldest()

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        """One has gone."""
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
        # Always one: the newcomer has asked for nothing yet.
        idle = next(one for one, request in self._current.items() if _waits_for_client(request))
        del self._current[idle]
        self._tally.count("connection_closed", "too_many", most=MOST_CONNECTIONS)
        idle.force_close()


def _waits_for_client(request: web.BaseRequest | None) -> bool:
    return request is None or not request.content.is_eof()
