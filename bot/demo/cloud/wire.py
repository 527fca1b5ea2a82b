"""How a request is read and an answer sent, and the ways in which sending goes wrong."""

import asyncio
import contextlib
import socket
import struct

from aiohttp import web

from bot.demo.cloud.mischief import Wire
from bot.demo.cloud.signature import SentRequest

SECONDS_PER_BYTE = 0.1
# Closing a socket with this sends a reset instead of a farewell.
_NO_FAREWELL = struct.pack("ii", 1, 0)


async def read_request(request: web.Request) -> SentRequest:
    """The request as it was sent: nothing decoded, nothing normalized."""
    path, _, query = request.raw_path.partition("?")
    return SentRequest(
        method=request.method,
        path=path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.read(),
    )


def to_response(wire: Wire) -> web.Response:
    """An answer that is sent as it should be."""
    return web.Response(status=wire.status, body=wire.body, headers=dict(wire.headers))


def reset(request: web.Request) -> web.Response:
    """Cut the connection with a reset; the response that is returned goes nowhere."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_FAREWELL)
        request.transport.abort()
    return web.Response()


async def drip(request: web.Request, wire: Wire, closing: asyncio.Event) -> web.StreamResponse:
    """Send a byte every 100 ms until all is said, the caller has gone or the cloud closes."""
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
