"""Rewrite days and times of the day in a canonical spelling: `monday 9:00`."""

import re
from contextlib import suppress
from datetime import date

from bot.core.commands.times.clock import in_figures, minute_of
from bot.core.commands.times.dates import in_iso_dates
from bot.core.commands.times.day_phrases import (
    CHINESE_NUMBERS,
    CHINESE_WEEKS,
    DAYS,
    SHORT_DAYS,
    in_one_word_each,
)
from bot.core.commands.times.day_phrases import WORDS as PHRASES

CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")
TODAY, TOMORROW = "today", "tomorrow"
_GERMAN_DAYS = (
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
)  # fmt: skip
_CHINESE_DAYS = {
    f"{week}{number}": day
    for week in CHINESE_WEEKS
    for numbers, day in CHINESE_NUMBERS.items()
    for number in numbers
}
_DAY_NAMES = {
    **{day: day for day in (TODAY, TOMORROW, *DAYS, *PHRASES.values())},
    **PHRASES,
    **SHORT_DAYS,
    **_CHINESE_DAYS,
    **dict(zip(_GERMAN_DAYS, DAYS, strict=True)),
    "sonnabend": "saturday",
    **dict.fromkeys(("tmrw", "tmr", "tmw", "2morrow", "tomo"), TOMORROW),
    "heute": TODAY,
    "morgen": TOMORROW,
    "今天": TODAY,
    "明天": TOMORROW,
}
# The separators in `Monday, 9:00` and `周五17:00`.
_BETWEEN = re.compile(r"[\s,，]+|(?<=[\u4e00-\u9fff])(?=[0-9])")
# Words before a day or a time that do not change the meaning.
_ADDS_NOTHING = ("at", "on", "by", "um")
# For each part of a day: the day that the word names (or none), its time if the sentence names
# none, and the hours to add to a time before 12:00 (`tonight 8` is 20:00).
_MORNING, _EVENING = ("9:00", 0), ("18:00", 12)
_PARTS_OF_DAYS = {
    "tonight": ("today", *_EVENING),
    "今天晚上": ("today", *_EVENING),
    "明天晚上": ("tomorrow", *_EVENING),
    "明天早上": ("tomorrow", *_MORNING),
    "abend": ("", *_EVENING),
    "evening": ("", *_EVENING),
    "早上": ("", *_MORNING),
    "晚上": ("", *_EVENING),
    "morning": ("", *_MORNING),
}
_HALVES = ("am", "pm")
# 18.30 is a time; 9.30 may be a date.
_AFTERNOON = re.compile(r"(?:1[3-9]|2[0-3])\.[0-5][0-9]")
# Jobs may have these names, too.
NAMED_TIMES = frozenset({"noon", "midday", "midnight", "morgen", *_PARTS_OF_DAYS})
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The `T` of `2026-12-31T23:59` in lower case, and seconds that are zero.
_BEFORE_A_CLOCK = re.compile(rf"(?<=\b{DATE.pattern})t(?=[0-9])")
_NO_SECONDS = re.compile(r"\b([0-9]{1,2}:[0-9]{2}):00\b")
_HOUR = 60


def spelled_day(text: str) -> str:
    """Return a day, a time of the day, or both, in their canonical spelling; empty for any other
    text."""
    text = in_one_word_each(text)
    text = in_iso_dates(_NO_SECONDS.sub(r"\1", _BEFORE_A_CLOCK.sub(" ", text)))
    said = [word for word in _BETWEEN.split(in_figures(text)) if word not in ("", *_ADDS_NOTHING)]
    parts = [part for word in said if (part := _PARTS_OF_DAYS.get(word))]
    words = [word for word in said if word not in _PARTS_OF_DAYS]
    if parts and words[:1] == ["this"]:
        words[0] = TODAY
    days = [day for word in words if (day := day_of(word))]
    days += [part[0] for part in parts if part[0]]
    clocks = [word for word in words if not day_of(word)]
    if len(days) > 1 or len(clocks) > 1 or len(parts) > 1:
        return ""
    if not clocks and not parts:
        return "" if days == [TODAY] else "".join(days)
    spelled = _of_part(parts[0], clocks) if parts else _spelled_clock(clocks[0], bool(days))
    return " ".join([*days, spelled]) if spelled else ""


def _of_part(part: tuple[str, str, int], clocks: list[str]) -> str:
    """Return the time in a part of a day: `tonight 8` is 20:00. Empty if it is no time."""
    _, usual, added = part
    spelled = _spelled_clock(clocks[0], is_beside_a_day=True) if clocks else usual
    minute = minute_of(spelled) if spelled else None
    if minute is None or not clocks or clocks[0].endswith(_HALVES) or minute >= 12 * _HOUR:
        return spelled
    return f"{minute // _HOUR + added}:{minute % _HOUR:02}"


def day_of(word: str) -> str:
    """Return a day in its canonical spelling: `monday`, `2026-12-31`; empty for any other word."""
    if DATE.fullmatch(word):
        with suppress(ValueError):
            return date.fromisoformat(word).isoformat()
    return _DAY_NAMES.get(word, "")


def _spelled_clock(clock: str, is_beside_a_day: bool) -> str:
    """Return a time as `H:MM`, or empty. A number alone is an hour only beside a day."""
    minute = minute_of(clock)
    if minute is None:
        return ""
    if CLOCK.fullmatch(clock):
        return clock
    if _AFTERNOON.fullmatch(clock):
        return clock.replace(".", ":")
    if not (is_beside_a_day or clock.endswith(_HALVES)):
        return ""
    return f"{minute // _HOUR}:{minute % _HOUR:02}"
