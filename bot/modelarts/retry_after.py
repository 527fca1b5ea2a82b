"""How long the cloud asks us to wait, by a header or by its error text.

For any input this module returns a number of seconds or None; it never raises.
"""

import re
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime

import structlog

_log = structlog.get_logger(__name__)

#: In seconds. No server means a longer wait, and we would see no change of any job meanwhile.
LONGEST_WAIT = 3600.0
_LONGEST_LOGGED = 60


def read_wait(header: str, words: str, *, now: datetime) -> float | None:
    """Return the wait in seconds, at most LONGEST_WAIT, by `Retry-After` or else by the text."""
    asked = _read_seconds(header)
    if asked is None:
        asked = _read_date(header, now)
    if asked is None:
        if header:
            _log.warning("retry_after_unreadable", header=header[:_LONGEST_LOGGED])
        asked = _read_window(words)
    if asked is None:
        return None
    if asked > LONGEST_WAIT:
        _log.warning("retry_after_capped", asked=asked, seconds=LONGEST_WAIT)
    return min(asked, LONGEST_WAIT)


def _read_seconds(header: str) -> float | None:
    # The number may be of any length: above the largest float it becomes infinite.
    return float(header) if _NUMBER.fullmatch(header.strip()) else None


# RFC 9110 allows only whole seconds; some servers send a fraction or a power of ten.
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,3})?", re.IGNORECASE)


def _read_date(header: str, now: datetime) -> float | None:
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        # A date in the past asks for no wait.
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
    return None


def _read_window(words: str) -> float | None:
    match = _WINDOW.search(words)
    return float(match[1]) * _SECONDS[match[2].lower()] if match else None


# The gateway writes "limit:60,time:1 minute", IAM "5 times per 60 seconds".
_WINDOW = re.compile(
    r"(?:time:|times per)\s*([0-9]{1,6})\s*(second|minute|hour|day)", re.IGNORECASE
)
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
