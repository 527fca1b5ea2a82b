"""Read requests and send answers, also in ways that go wrong."""

import asyncio
import contextlib
import socket
import struct

from aiohttp import web

from bot.demo.cloud.answer_faults import Wire
from bot.demo.cloud.signature import SentRequest

SECONDS_PER_BYTE = 0.1
# With this option, closing a socket sends a reset.
_NO_FAREWELL = struct.pack("ii", 1, 0)


async def read_request(request: web.Request) -> SentRequest:
    """Return the request as sent: nothing decoded, nothing normalized."""
    path, _, query = request.raw_path.partition("?")
    return SentRequest(
        method=request.method,
        path=path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.read(),
    )


def to_response(wire: Wire) -> web.Response:
    """Return an answer that is sent normally."""
    return web.Response(status=wire.status, body=wire.body, headers=dict(wire.headers))


def reset(request: web.Request) -> web.Response:
    """Cut the connection with a reset; the returned response is never sent."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_FAREWELL)
        request.transport.abort()
    return web.Response()


async def drip(request: web.Request, wire: Wire, closing: asyncio.Event) -> web.StreamResponse:
    """Send a byte every 100 ms until the end, or until the caller or the cloud leaves."""
    response = web.StreamResponse(status=wire.status, headers=dict(wire.headers))
    response.content_length = len(wire.body)
    with contextlib.suppress(ConnectionError):
        await response.prepare(request)
        for byte in wire.body:
            await response.write(bytes([byte]))
            if await _has_closed(closing):
                return reset(request)
        await response.write_eof()
    return response


async def _has_closed(closing: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(closing.wait(), SECONDS_PER_BYTE)
    except TimeoutError:
        return False
    return True
