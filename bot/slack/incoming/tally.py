"""Count events that anybody can cause any number of times, and log the count once a minute."""

import logging
from dataclasses import dataclass, field

import structlog

from bot.core.ports.time import Monotonic

_log = structlog.get_logger(__name__)

_LINE_SECONDS = 60.0


@dataclass(slots=True)
class _Line:
    level: int = logging.INFO
    written_at: float | None = None
    count: int = 0
    facts: dict[str, object] = field(default_factory=dict)


class Tally:
    """Counters that log the first event of a kind at once, and later ones as a count per minute."""

    def __init__(self, *, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        #: By event and reason; both are from closed sets.
        self._lines: dict[tuple[str, str], _Line] = {}

    def count(self, event: str, reason: str, *, level: int = logging.INFO, **facts: object) -> None:
        """Count one event; its line shows the `facts` of the latest."""
        line = self._lines.setdefault((event, reason), _Line())
        line.level, line.facts = level, facts
        line.count += 1
        self._write_if_due(event, reason, line)

    def write_due(self) -> None:
        """Write the counts whose minute is over."""
        for (event, reason), line in self._lines.items():
            if line.count:
                self._write_if_due(event, reason, line)

    def _write_if_due(self, event: str, reason: str, line: _Line) -> None:
        now = self._monotonic()
        if line.written_at is not None and now - line.written_at < _LINE_SECONDS:
            return
        _log.log(line.level, event, reason=reason, count=line.count, **line.facts)
        line.written_at, line.count = now, 0
