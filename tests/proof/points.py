"""Count the points that a replica passes, and kill it by SIGKILL at the fatal one."""

import inspect
import os
import signal
from typing import Any, TypeVar, cast

import aiohttp
from sqlalchemy import Engine, event

_Port = TypeVar("_Port")


class Points:
    """Every point at which a death could make a difference to the database or to Slack.

    Between two points a replica has no effect outside, so a death there equals one at the next.
    """

    def __init__(self, fatal: int | None) -> None:
        self.passed: list[str] = []
        self._fatal = fatal

    def at(self, name: str) -> None:
        """Pass a point, or die there if it is the fatal one."""
        self.passed.append(name)
        if len(self.passed) == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def of_port(self, name: str, port: _Port) -> _Port:
        """Return the port with a point before and after each call."""
        return cast(_Port, _Watched(name, port, self))

    def of_engine(self, engine: Engine) -> None:
        """Add a point before and after each statement, each commit and each rollback."""

        def before(*given: Any) -> None:
            self.at(f"before {_short(given[2])}")

        def after(*given: Any) -> None:
            self.at(f"after {_short(given[2])}")

        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
        event.listen(engine, "commit", lambda _: self.at("before COMMIT"))
        event.listen(engine, "rollback", lambda _: self.at("before ROLLBACK"))
        event.listen(engine, "checkin", lambda *_: self.at("after the transaction"))

    def of_http(self) -> aiohttp.TraceConfig:
        """Return a trace with points around all that an HTTP call sends and receives."""
        tracing = aiohttp.TraceConfig()
        for signal_, name in (
            (tracing.on_request_start, "before the request"),
            (tracing.on_connection_create_start, "before the connection"),
            (tracing.on_connection_create_end, "after the connection"),
            (tracing.on_request_headers_sent, "before the head is sent"),
            (tracing.on_request_chunk_sent, "before the body is sent"),
            (tracing.on_request_end, "before the answer is read"),
            (tracing.on_response_chunk_received, "after the answer was read"),
        ):
            signal_.append(self._tracer(name))
        return tracing

    def _tracer(self, name: str) -> Any:
        async def trace(*_: object) -> None:
            self.at(f"HTTP: {name}")

        return trace


class _Watched:
    def __init__(self, name: str, port: object, points: Points) -> None:
        self._name = name
        self._port = port
        self._points = points

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not inspect.iscoroutinefunction(found):
            return found
        label = f"{self._name}.{name}"

        async def watched(*given: Any, **named: Any) -> Any:
            self._points.at(f"before {label}")
            try:
                return await found(*given, **named)
            finally:
                self._points.at(f"after {label}")

        return watched


def _short(statement: str) -> str:
    return " ".join(statement.split())[:60]
