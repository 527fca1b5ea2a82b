"""The words for days of the calendar, which Slack's dates cannot write without a clock time."""

from datetime import date

from bot.core.text import Text, say


def day_words(day: date) -> Text:
    """Return `24 Mar`."""
    return say("{day}\u00a0{month}", day=day.day, month=_month(day))


def weekday_words(day: date) -> Text:
    """Return `Tue 24 Mar`."""
    return say("{weekday}\u00a0{day}", weekday=_WEEKDAYS[day.weekday()], day=day_words(day))


def days_words(first: date, last: date) -> Text:
    """Return `21–24 Mar`, or `30 Mar–2 Apr`; a single day as `24 Mar`."""
    if first == last:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        month = _month(first)
        return say("{first}–{last}\u00a0{month}", first=first.day, last=last.day, month=month)
    return say("{first}–{last}", first=day_words(first), last=day_words(last))


def _month(day: date) -> Text:
    return _MONTHS[day.month - 1]


_WEEKDAYS = (
    say("Mon"),
    say("Tue"),
    say("Wed"),
    say("Thu"),
    say("Fri"),
    say("Sat"),
    say("Sun"),
)
_MONTHS = (
    say("Jan"),
    say("Feb"),
    say("Mar"),
    say("Apr"),
    say("May"),
    say("Jun"),
    say("Jul"),
    say("Aug"),
    say("Sep"),
    say("Oct"),
    say("Nov"),
    say("Dec"),
)
