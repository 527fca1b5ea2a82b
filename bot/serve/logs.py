"""Logs: one line per boundary event, as JSON or for a terminal, with no secret in any of them."""

import json
import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

from bot.core.ports.tracing import current_cause
from bot.serve.redaction import Redaction

#: Takes a line of the log before its exception is written out.
Report = Callable[[Mapping[str, Any]], None]

_REPORTED = {"error", "critical"}


def set_up_logs(
    format_: Literal["console", "json"] | None,
    redaction: Redaction,
    *,
    report: Report | None = None,
) -> None:
    """Send everything, libraries included, to stderr, without secrets. Without a format a terminal
    gets `console`, anything else `json`. Errors are handed to `report` besides, whole as they are.
    """
    if format_ is None:
        format_ = "console" if sys.stderr.isatty() else "json"
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        _with_cause,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([_reporting(report)] if report else []),
        # Plain tracebacks for both formats: the pretty ones print local variables, tokens too.
        structlog.processors.format_exc_info,
        _redacting(redaction),
    ]
    renderer: Processor = structlog.processors.JSONRenderer(serializer=_json)
    if format_ == "console":
        shared.append(_without_controls)
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        # Past the standard library, by which a line costs as much as a whole answer.
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lines(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)


class _Lines:
    """Writes lines to a stream. Where nobody takes them any more, or the disk is full, the bot goes
    on without a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = exception = msg


# Also what is no ASCII is escaped: foreign words command no terminal.
_ENCODER = json.JSONEncoder(default=repr)


def _json(event: Any, **_: object) -> str:
    return _ENCODER.encode(event)


def _with_cause(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """All lines that one request led to, or one run of a duty, have its id."""
    if cause := current_cause():
        event["request_id"] = cause.request_id
        if cause.duty:
            event["duty"] = cause.duty
    return event


def _without_controls(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Foreign words command no terminal; JSON escapes them by itself."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = "".join(map(_visible, value))
    return event


def _visible(char: str) -> str:
    return char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1]


def _redacting(redaction: Redaction) -> Processor:
    def blot(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str) or key == "exception":
                event[key] = redaction.blot(str(value))
            elif not isinstance(value, int | float | bool | None):
                event[key] = redaction.blot(repr(value)) if key[0] != "_" else value
        return event

    return blot


def _reporting(report: Report) -> Processor:
    def tell(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if event.get("level") in _REPORTED:
            report(event)
        return event

    return tell
