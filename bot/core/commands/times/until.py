"""Parse the end of a subscription, a snooze or a lease, and compute its moment."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.core.commands.times.day_phrases import AFTER_TOMORROW, DAYS, NEXT_WEEK, SHORT_DAYS
from bot.core.commands.times.days import (
    CLOCK,
    DATE,
    NAMED_TIMES,
    TODAY,
    TOMORROW,
    day_of,
    spelled_day,
)
from bot.core.commands.times.spans import minutes_of, spelled_span
from bot.core.commands.words.tokens import shown
from bot.core.commands.words.vocabulary import option
from bot.core.errors import BadCommand
from bot.core.text import Text, say

#: Until the job ends, however late: the default of a subscription to one job.
DONE = "done"
_DONE_IN_OTHER_WORDS = frozenset(
    f"{before}{end}"
    for before in (
        "",
        "it ",
        "it's ",
        "it is ",
        "it has ",
        "the job ",
        "the job is ",
        "the ",
        "its ",
    )
    for end in (
        DONE,
        "finished",
        "finishes",
        "ended",
        "ends",
        "end",
        "stops",
        "over",
        "completed",
        "completion",
    )
) | {"完成", "结束", "跑完", "作业结束", "作业完成"}

_LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_HOUR = 60
# `18h` and `18h30` after `until` may be a time of the day or a span.
_HOURS_OR_CLOCK = re.compile(r"(?:1[3-9]|2[0-3])h(?:[0-5][0-9])?")
_WITH_A_ZONE = re.compile(rf"{DATE.pattern}[t ][0-9:]++ ?(?:z|[+-][0-9]{{2}}:?[0-9]{{2}})")
_IN_UTC = re.compile(r"(?<=[0-9]) ?(?:utc|gmt)\Z")
_BEFORE_A_ZONE = re.compile(r" (?=[z+-])")
_ZONES = (
    "z cet cest met mez mesz utc gmt bst wet west eet eest msk est edt cst cdt mst mdt pst pdt ist"
    " sgt hkt jst kst aest aedt"
)
# `18:00 CET`, `18:00 UTC+8`, `6pm Europe/Berlin`, `北京时间18:00`.
_ZONE = re.compile(
    rf"(?<=[0-9m]) ?(?:(?:{'|'.join(_ZONES.split())})(?:[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?)?"
    r"|[+-][0-9]{2}:?[0-9]{2}|[a-z]{2,20}/[a-z_/]{2,30})\Z|北京时间 ?| ?北京时间\Z"
)
#: The hint for a time with a zone.
ZONE_HINT = say(
    "I read times in your own time zone, as Slack knows it: leave the zone out, or type the moment"
    " in UTC, as in `2026-12-31 18:00 UTC`."
)
# Words before an end, which add nothing to it.
_LEADING = re.compile(r"\A(?:in |直到|到|至)")
# The formats in which forms and buttons send a moment in UTC.
_MOMENTS = ("%Y-%m-%dt%H:%Mz", "%Y-%m-%dt%H:%M:%Sz")


def checked_until(text: str) -> str:
    """Return an end in its canonical spelling: `monday 9:00` for `Mon 9am`. Raises BadCommand."""
    typed, text = text, _LEADING.sub("", text.lower())
    span = spelled_span(text)
    if span and timedelta(minutes=minutes_of(span)) > _LONGEST:
        raise BadCommand(
            say("`{words}` is more than a year.", words=typed),
            hint=say("Without `until` there is no end."),
            option="until",
        )
    if span:
        return span
    if text.replace("’", "'") in _DONE_IN_OTHER_WORDS:
        return DONE
    if exact := _moment(text):
        return exact_words(exact)
    if spelled := spelled_day(text):
        return spelled
    raise BadCommand(
        say("I can't read `until {words}` as a time.", words=shown(typed)),
        hint=ZONE_HINT
        if names_zone(text)
        else say(
            "Use `done`, `18:00`, `tomorrow`, `monday 9:00`, `2026-12-31 18:00`, `30m`, `4h` or"
            " `2d` after `until`."
        ),
        option="until",
    )


def is_end(text: str) -> bool:
    """Return whether a text is a span or a time. `done`, the end of the job, is neither."""
    try:
        return bool(text) and checked_until(text) != DONE
    except BadCommand:
        return False


def names_zone(text: str) -> bool:
    """Return whether a text is a time with an unsupported zone, such as `18:00 CET`."""
    plain = _ZONE.sub("", text.lower())
    return plain != text.lower() and is_end(plain)


def is_surely_end(text: str) -> bool:
    """Return whether a text is an end, and no word such as `mon` that jobs are named by, too."""
    return is_end(text) and text.lower() not in SHORT_DAYS.keys() | NAMED_TIMES


def checked_end(text: str, *, problem: Text, hint: Text) -> str:
    """Return a span or a time in its canonical spelling. Raises BadCommand with `problem`."""
    if not is_end(text):
        raise BadCommand(problem, hint=ZONE_HINT if names_zone(text) else hint)
    return checked_until(text)


def exact_words(until: datetime) -> str:
    """Return a text that means this second in every zone: the moment in UTC."""
    there = until.astimezone(UTC).replace(tzinfo=None)
    return there.isoformat(timespec="seconds" if there.second else "minutes").lower() + "z"


def is_span(text: str) -> bool:
    """Return whether a text is a length of time."""
    return minutes_of(text) > 0


def end_option(end: str) -> str:
    """Return a checked end as it follows a job: a span alone, any other after `until`."""
    return end if is_span(end) else option("until", end)


def is_ambiguous(text: str) -> bool:
    """Return whether a text after `until` may be a time of the day or a span: `18h`."""
    return bool(_HOURS_OR_CLOCK.fullmatch(text))


def after_until(text: str) -> str:
    """Return a checked end as a person types it after `until`: the span `18h` as `18 hours`."""
    return text.replace("h", " hours") if is_ambiguous(text) else text


def is_by_the_clock(text: str) -> bool:
    """Return whether the moment of a checked end depends on the person's time zone."""
    day, minute = _day_and_minute(text)
    return bool(day) or minute is not None


def _day_and_minute(text: str) -> tuple[str, int | None]:
    """Return the day and the minute of the day in a checked end; empty and None if absent."""
    day, _, last = text.rpartition(" ")
    if clock := CLOCK.fullmatch(last):
        return day, int(clock[1]) * _HOUR + int(clock[2])
    return day_of(text), None


def is_over_today(text: str, now: datetime, zone: tzinfo) -> bool:
    """Return whether a time of the day is past in this zone today, so that it means tomorrow's."""
    day, minute = _day_and_minute(text)
    # `0:00` always means the next midnight, and never the one at which today began.
    if day or not minute:
        return False
    return first_moment(_local(now.astimezone(zone).date(), minute), zone) <= now


def until_moment(text: str, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment that a checked end means in a zone; None for `done`, or for no end.

    A time, also with the name of a weekday, means its next occurrence; a day alone means its first
    minute. Raises BadCommand if the moment is past or more than a year away.
    """
    if exact := _moment(text):
        return _ahead(exact, now)
    if minutes := minutes_of(text):
        return now + timedelta(minutes=minutes)
    day, minute = _day_and_minute(text)
    here = now.astimezone(zone)
    if day == TODAY or DATE.fullmatch(day):
        return _on_date(here.date() if day == TODAY else date.fromisoformat(day), minute, now, zone)
    if day:
        return _next_on(day, minute or 0, here, zone)
    return None if minute is None else _next_at(minute, here, zone)


def _ahead(moment: datetime, now: datetime) -> datetime:
    if moment <= now:
        raise _over()
    if moment > now + _LONGEST:
        raise _too_far()
    return moment


def _over() -> BadCommand:
    return BadCommand(say("That moment is over."), hint=say("Choose a later one."), option="until")


def _too_far() -> BadCommand:
    return BadCommand(
        say("That moment is more than a year away."),
        hint=say("Choose an earlier one."),
        option="until",
    )


def _on_date(day: date, minute: int | None, now: datetime, zone: tzinfo) -> datetime:
    # Refuse far dates before the conversion: at the ends of the calendar, datetime overflows.
    away = day - now.astimezone(zone).date()
    if abs(away) > _LONGEST + _DAY:
        raise _too_far() if away > timedelta() else _over()
    return _ahead(first_moment(_local(day, minute or 0), zone), now)


def _local(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _next_on(day: str, minute: int, here: datetime, zone: tzinfo) -> datetime:
    if away := _days_away(day, here.weekday()):
        return first_moment(_local(here.date() + away * _DAY, minute), zone)
    ahead = (DAYS.index(day) - here.weekday()) % len(DAYS)
    days = (here.date() + (ahead + weeks * len(DAYS)) * _DAY for weeks in range(3))
    moments = (first_moment(_local(one, minute), zone) for one in days)
    return next(moment for moment in moments if moment > here.astimezone(UTC))


def _days_away(day: str, weekday: int) -> int:
    """Return how many days ahead a day is that is never today; 0 for any other day."""
    if day.endswith(NEXT_WEEK):
        return len(DAYS) - weekday + DAYS.index(day.removesuffix(NEXT_WEEK))
    return {TOMORROW: 1, AFTER_TOMORROW: 2}.get(day, 0)


def first_moment(local: datetime, zone: tzinfo) -> datetime:
    """Return the first moment at which the clocks of a zone show this time or a later one."""
    earlier, later = sorted(
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if _shown(earlier, zone) == local:
        return earlier
    # No clock shows this time, because the clocks go forward between the two moments.
    while later - earlier > _SECOND:
        middle = earlier + (later - earlier) // 2
        if _shown(middle, zone) < local:
            earlier = middle
        else:
            later = middle
    return later.replace(microsecond=0)


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _next_at(minute: int, here: datetime, zone: tzinfo) -> datetime:
    days = (here.date() + ahead * _DAY for ahead in range(3))
    moments = (first_moment(_local(day, minute), zone) for day in days)
    return next(moment for moment in moments if moment > here.astimezone(UTC))


def _moment(text: str) -> datetime | None:
    text = _IN_UTC.sub("z", text)
    with suppress(ValueError, OverflowError):
        if _WITH_A_ZONE.fullmatch(text):
            return datetime.fromisoformat(_BEFORE_A_ZONE.sub("", text).upper()).astimezone(UTC)
    for form in _MOMENTS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC)
    return None
