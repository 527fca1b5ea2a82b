"""A proxy in front of a PostgreSQL server that breaks connections at chosen points."""

import asyncio
from contextlib import suppress
from enum import Enum

_COMMIT = b"COMMIT"
_QUERY = b"SELECT"
_CHUNK = 65536


class Break(Enum):
    """The point at which a connection breaks."""

    #: The server commits, but its answer does not arrive.
    AFTER_COMMIT = "after the commit"
    BEFORE_COMMIT = "before the commit"
    #: Half of a statement arrives.
    MIDWAY = "midway"
    #: The connection stays open, but from the commit on nothing goes through.
    SILENCE = "silence"
    #: The same from the first query on, which is one of the driver.
    DEAF = "deaf"


_SILENT = (Break.SILENCE, Break.DEAF)


class Proxy:
    """A proxy that forwards the bytes of both sides, and breaks connections on request."""

    def __init__(self, socket_path: str) -> None:
        self._socket_path = socket_path
        self._waiting: list[Break] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.broken = 0
        self.port = 0

    async def start(self) -> None:
        """Listen on the loopback interface."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close all connections."""
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        ends = [writer.wait_closed() for writer in self._writers]
        await asyncio.gather(*ends, return_exceptions=True)

    def break_next(self, how: Break) -> None:
        """Break the next connection that reaches this point."""
        self._waiting.append(how)

    def spare(self) -> None:
        """Drop the breaks that are still waiting."""
        self._waiting.clear()

    async def _serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        self._writers.append(answers)
        try:
            server, asks = await asyncio.open_unix_connection(self._socket_path)
        except OSError:
            answers.transport.abort()
            return
        self._writers.append(asks)
        line = _Line(self, client, answers, server, asks)
        for work in (line.carry_asks(), line.carry_answers()):
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def take(self, asked: bytes) -> Break | None:
        """Take and return the first waiting break that these bytes trigger; None if none does."""
        for how in self._waiting:
            if how is Break.MIDWAY or (_QUERY if how is Break.DEAF else _COMMIT) in asked.upper():
                self._waiting.remove(how)
                self.broken += 1
                return how
        return None


class _Line:
    """One connection."""

    def __init__(
        self,
        proxy: Proxy,
        client: asyncio.StreamReader,
        answers: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        asks: asyncio.StreamWriter,
    ) -> None:
        self._proxy = proxy
        self._client = client
        self._answers = answers
        self._server = server
        self._asks = asks
        self._broken: Break | None = None

    async def carry_asks(self) -> None:
        """Forward bytes from the client to the server."""
        with suppress(OSError):
            while asked := await self._client.read(_CHUNK):
                if self._broken in _SILENT:
                    continue
                self._broken = self._broken or self._proxy.take(asked)
                if self._broken is Break.MIDWAY:
                    asked = asked[: len(asked) // 2]
                if self._broken not in (Break.BEFORE_COMMIT, *_SILENT):
                    self._asks.write(asked)
                if self._broken in (Break.BEFORE_COMMIT, Break.MIDWAY):
                    break
        # `close` still sends the bytes that were written.
        self._asks.close()
        if self._broken is not Break.AFTER_COMMIT:
            self._answers.transport.abort()

    async def carry_answers(self) -> None:
        """Forward bytes from the server to the client."""
        with suppress(OSError):
            while answered := await self._server.read(_CHUNK):
                if self._broken in _SILENT:
                    continue
                if self._broken is Break.AFTER_COMMIT:
                    break
                self._answers.write(answered)
        if self._broken not in _SILENT:
            self._answers.transport.abort()
        self._asks.close()
