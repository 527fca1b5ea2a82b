"""A connection of aiohttp whose error answers are ours."""

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod

# RFC 9110, section 5.6.2: a method is any token; aiohttp accepts only the methods that it knows.
_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ (/\S{0,8000}) HTTP/1\.[01]\r?\n")

_UNREADABLE = "This is no request that I can read.\n"
_BROKEN = "Something went wrong here.\n"

#: Answers a request for this path whose method is unknown.
Refuse = Callable[[str], web.Response]


class Reader(web.RequestHandler):
    """A connection that never reveals the versions of its software."""

    def __init__(self, *given: Any, refuse: Refuse, **options: Any) -> None:
        """Take `refuse` for unknown methods; `given` and `options` are aiohttp's own."""
        super().__init__(*given, **options)
        self._refuse = refuse
        self._last_read = b""

    def data_received(self, data: bytes) -> None:
        """Keep the last bytes, which contain the path of a request with an unknown method."""
        self._last_read = data
        super().data_received(data)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that cannot be parsed, or whose handler failed."""
        super().handle_error(request, status, exc, message)  # this logs the error
        line = _REQUEST_LINE.match(self._last_read) if isinstance(exc, BadHttpMethod) else None
        if line:
            response = self._refuse(line[1].decode("latin-1"))
        else:
            response = web.Response(status=status, text=_BROKEN if status >= 500 else _UNREADABLE)
        response.force_close()
        return response

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Replace the `Server` header of every answer, because aiohttp's own contains versions."""
        resp.headers["Server"] = "VisJob"
        return await super().finish_response(request, resp, start_time)
