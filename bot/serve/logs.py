"""Set up the log: one line per boundary event, as JSON or for a terminal, without secrets."""

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

#: Takes the fields of a log line; its exception is not formatted yet.
Report = Callable[[Mapping[str, Any]], None]

_REPORTED = {"error", "critical"}
# Values of these types cannot contain a secret; `bool` is an `int`.
_SAFE = (int, float, type(None))


def set_up_logs(
    format_: Literal["console", "json"] | None,
    redaction: Redaction,
    *,
    report: Report | None = None,
) -> None:
    """Log to stderr without secrets, libraries included. Without a format, a terminal gets
    `console` and anything else `json`. Errors also go to `report`, before secrets are removed."""
    if format_ is None:
        format_ = "console" if sys.stderr.isatty() else "json"
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        _with_cause,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([_reporting(report)] if report else []),
        # Both formats use plain tracebacks: rich ones print local variables, which may be tokens.
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
        # structlog writes directly: a line through the standard library costs as much as a whole
        # answer.
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
    """Writes lines to a stream, and drops them if the reader is gone or the disk is full."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = exception = msg


# The encoder escapes all that is not ASCII, so foreign text cannot send control codes to a
# terminal.
_ENCODER = json.JSONEncoder(default=repr)


def _json(event: Any, **_: object) -> str:
    return _ENCODER.encode(event)


def _with_cause(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the id of the request or of the run of a duty that led to this line."""
    if cause := current_cause():
        event["request_id"] = cause.request_id
        if cause.duty:
            event["duty"] = cause.duty
    return event


def _without_controls(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape control characters of foreign text; the JSON format does that by itself."""
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
            elif not isinstance(value, _SAFE):
                event[key] = redaction.blot(repr(value)) if key[0] != "_" else value
        return event

    return blot


def _reporting(report: Report) -> Processor:
    def tell(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if event.get("level") in _REPORTED:
            report(event)
        return event

    return tell
