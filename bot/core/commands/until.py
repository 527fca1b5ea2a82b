"""How long a subscription lasts: what may be typed, and the moment that it means."""

import re
from datetime import UTC, datetime, timedelta

from bot.core.errors import BadCommand

#: With the end of the job, however late: what a subscription of one job does by itself.
DONE = "done"

_SPAN = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=366)
# What a form says: no person types it, and it means the same in every zone.
_MOMENT = "%Y-%m-%dt%H:%Mz"


def checked_until(text: str) -> str:
    """`text` in its one spelling. Raises BadCommand."""
    text = text.lower()
    span = _span(text)
    if span is not None and span > _LONGEST:
        raise _too_late(text)
    if span or _CLOCK.fullmatch(text) or text in (DONE, "tomorrow", *_DAYS):
        return text
    if exact := _moment(text):
        return exact_words(exact)
    raise BadCommand(
        f"`until {text[:40].replace('`', chr(39))}` is no time that I know.",
        hint="Say until done, 18:00, tomorrow, monday, 30m, 4h or 2d.",
        option="until",
    )


def exact_words(until: datetime) -> str:
    """The words that mean this very minute, in every zone."""
    return until.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes").lower() + "z"


def until_words(until: datetime | None, now: datetime) -> str:
    """The words that mean this moment, or the next minute, hour or day; empty for no end."""
    if until is None:
        return ""
    left = max(until - now, timedelta(minutes=1))
    for unit, span in (("m", timedelta(minutes=1)), ("h", timedelta(hours=1))):
        if left <= _LARGEST_COUNT * span:
            return f"{-(-left // span)}{unit}"
    return f"{-(-left // timedelta(days=1))}d"


# Two days in hours are still read at a glance, and so are two hours in minutes.
_LARGEST_COUNT = 120


def until_moment(text: str, now: datetime) -> datetime | None:
    """The moment that a checked text means, in the zone of `now`; None for no end of its own.

    A clock time is its next one; a day is meant from its first minute on. Raises BadCommand for
    an exact moment that is over, or more than a year away.
    """
    if exact := _moment(text):
        if exact <= now:
            raise BadCommand("That moment is over.", hint="Choose a later one.", option="until")
        if exact > now + _LONGEST:
            raise _too_late(text)
        return exact
    span = _span(text)
    if span is not None:
        return now + span
    if clock := _CLOCK.fullmatch(text):
        then = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return then if then > now else then + timedelta(days=1)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if text == "tomorrow":
        return midnight + timedelta(days=1)
    if text in _DAYS:
        ahead = (_DAYS.index(text) - now.weekday() - 1) % 7 + 1
        return midnight + timedelta(days=ahead)
    return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _too_late(text: str) -> BadCommand:
    return BadCommand(
        f"`{text}` is longer than a year.",
        hint="Leave `until` out: there is no end then.",
        option="until",
    )


def _span(text: str) -> timedelta | None:
    found = _SPAN.fullmatch(text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
