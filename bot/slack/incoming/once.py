"""A line in the log for each kind of thing, once: Slack may send the same for ever."""

import re

import structlog

from bot.slack.blocks import Json

_log = structlog.get_logger(__name__)

_KIND = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_KINDS = 200


class LogOnce:
    """Remembers which kinds it has written about."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def note(self, event: str, kind: str) -> None:
        """Write a line, unless this kind has one."""
        if (event, kind) in self._seen or len(self._seen) >= _MOST_KINDS:
            return
        self._seen.add((event, kind))
        _log.warning(event, kind=kind)


def kind_of(body: Json) -> str:
    """The type of an event or an interaction; `unknown` where it is no word."""
    kind = body.get("type")
    if kind == "event_callback":
        event = body.get("event")
        kind = event.get("type") if isinstance(event, dict) else None
    elif "ssl_check" in body:
        kind = "ssl_check"
    return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "unknown"
