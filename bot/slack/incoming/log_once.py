"""Log each kind of oddity only once, because Slack may send the same oddity forever."""

import re

import structlog

from bot.slack.blocks import Json

_log = structlog.get_logger(__name__)

_KIND = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_KINDS = 200


class LogOnce:
    """A log that writes one line for each event and kind, up to 200 in all."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def note(self, event: str, kind: str) -> None:
        """Write a line, unless this kind has one already or too many kinds have one."""
        if (event, kind) in self._seen or len(self._seen) >= _MOST_KINDS:
            return
        self._seen.add((event, kind))
        _log.warning(event, kind=kind)


def kind_of(body: Json) -> str:
    """Return the type of an event or an interaction; `unknown` if that is not a plain word."""
    kind = body.get("type")
    if kind == "event_callback":
        event = body.get("event")
        kind = event.get("type") if isinstance(event, dict) else None
    elif "ssl_check" in body:
        kind = "ssl_check"
    return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "unknown"
