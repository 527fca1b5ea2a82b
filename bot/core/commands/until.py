"""How long a subscription lasts: what may be typed, and the moment that it means."""

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta, tzinfo

from bot.core.commands.tokens import shown
from bot.core.errors import BadCommand
from bot.core.text import Text, say

#: With the end of the job, however late: what a subscription of one job does by itself.
DONE = "done"

_SPAN = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# What a form or a button says: no person types it, and it means the same in every zone.
_MOMENTS = ("%Y-%m-%dt%H:%Mz", "%Y-%m-%dt%H:%M:%Sz")


def checked_until(text: str) -> str:
    """`text` in its one spelling. Raises BadCommand."""
    typed, text = text, text.lower()
    span = _span(text)
    if span is not None and span > _LONGEST:
        raise BadCommand(
            say("`{words}` is more than a year.", words=typed),
            hint=say("Without `until` there is no end."),
            option="until",
        )
    if span or _CLOCK.fullmatch(text) or text in (DONE, "tomorrow", *_DAYS):
        return text
    if exact := _moment(text):
        return exact_words(exact)
    raise BadCommand(
        say("I can't read `until {words}` as a time.", words=shown(typed)),
        hint=say("Use `done`, `18:00`, `tomorrow`, `monday`, `30m`, `4h` or `2d` after `until`."),
        option="until",
    )


def is_end(word: str) -> bool:
    """True for a span or a time, and not for the end of a job."""
    try:
        return bool(word) and checked_until(word) != DONE
    except BadCommand:
        return False


def checked_end(text: str, *, problem: Text, hint: Text) -> str:
    """A span or a time in its one spelling. Raises BadCommand, with this `problem`."""
    if not is_end(text):
        raise BadCommand(problem, hint=hint)
    return checked_until(text)


def exact_words(until: datetime) -> str:
    """The words that mean this very second, in every zone."""
    there = until.astimezone(UTC).replace(tzinfo=None)
    return there.isoformat(timespec="seconds" if there.second else "minutes").lower() + "z"


def is_span(text: str) -> bool:
    """True for a length of time."""
    return _span(text) is not None


def is_by_the_clock(text: str) -> bool:
    """True if what a checked text means depends on where one is."""
    return bool(_CLOCK.fullmatch(text)) or text == "tomorrow" or text in _DAYS


def is_over_today(text: str, now: datetime, zone: tzinfo) -> bool:
    """True for a time of the day that is over where somebody is, so that tomorrow's is meant."""
    until = until_moment(text, now, zone) if _CLOCK.fullmatch(text) else None
    return until is not None and until.astimezone(zone).date() > now.astimezone(zone).date()


def until_moment(text: str, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The moment that a checked text means to somebody in a zone; None for no end of its own.

    A clock time is its next one; a day is meant from its first minute on. Raises BadCommand for
    an exact moment that is over, or more than a year away.
    """
    if exact := _moment(text):
        if exact <= now:
            raise BadCommand(
                say("That moment is over."), hint=say("Choose a later one."), option="until"
            )
        if exact > now + _LONGEST:
            raise BadCommand(
                say("That moment is more than a year away."),
                hint=say("Choose an earlier one."),
                option="until",
            )
        return exact
    span = _span(text)
    if span is not None:
        return now + span
    here = now.astimezone(zone)
    if clock := _CLOCK.fullmatch(text):
        return _next_at(time(int(clock[1]), int(clock[2])), here, zone)
    if text == "tomorrow":
        return first_moment(datetime.combine(here.date() + _DAY, time()), zone)
    if text in _DAYS:
        ahead = (_DAYS.index(text) - here.weekday() - 1) % 7 + 1
        return first_moment(datetime.combine(here.date() + ahead * _DAY, time()), zone)
    return None


def first_moment(local: datetime, zone: tzinfo) -> datetime:
    """The first moment at which the clocks of a zone show this time or a later one."""
    earlier, later = sorted(
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if _shown(earlier, zone) == local:
        return earlier
    # Nobody's clock shows it: they were put forward between the two.
    while later - earlier > _SECOND:
        middle = earlier + (later - earlier) // 2
        if _shown(middle, zone) < local:
            earlier = middle
        else:
            later = middle
    return later.replace(microsecond=0)


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _next_at(clock: time, here: datetime, zone: tzinfo) -> datetime:
    days = (here.date() + ahead * _DAY for ahead in range(3))
    moments = (first_moment(datetime.combine(day, clock), zone) for day in days)
    return next(moment for moment in moments if moment > here.astimezone(UTC))


def _moment(text: str) -> datetime | None:
    for form in _MOMENTS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC)
    return None


def _span(text: str) -> timedelta | None:
    found = _SPAN.fullmatch(text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
