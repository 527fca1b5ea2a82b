"""Replace a period in people's own words, such as `last 7 days`, by one that a verb accepts."""

import re
from collections.abc import Collection, Sequence

from bot.core.commands.times.spans import minutes_of
from bot.core.commands.words.tokens import Word

_DAY = 24 * 60
# The days in each period that a verb accepts, and in other periods that people name.
_DAYS = {"24h": 1, "today": 1, "day": 1, "daily": 1, "hour": 1, "yesterday": 2}
_DAYS |= {
    "7d": 7,
    "monday": 7,
    "week": 7,
    "weekly": 7,
    "30d": 30,
    "month": 30,
    "monthly": 30,
    "year": 366,
}
_SEVERAL = re.compile(r"([0-9]{1,4}) ?(w|weeks?|months?|y|years?)")
_LARGE_UNITS = {"w": 7, "m": 30, "y": 366}
_LEADING = frozenset(
    [
        "last",
        "past",
        "this",
        "the",
        "for",
        "in",
        "of",
        "over",
        "since",
        "during",
        "previous",
        "within",
        "ago",
    ]
)


def nearest_stretch(words: Sequence[Word], allowed: Collection[str]) -> str:
    """Return the job among the words, if any, and the first allowed period that is not shorter than
    the one that the words name, or else the last one; empty if the words name none."""
    said = [word for word in words if word.keyword not in _LEADING]
    for size in (1, 2):
        for at in range(len(said) - size + 1):
            days = _days_of(" ".join(word.keyword for word in said[at : at + size]))
            others = said[:at] + said[at + size :]
            if days and len(others) <= 1 and not any(_days_of(one.keyword) for one in others):
                long = [one for one in allowed if _DAYS[one] >= days] or [*allowed][-1:]
                return " ".join([*(word.sentence for word in others), long[0]])
    return ""


def _days_of(text: str) -> float:
    text = text.removeprefix("最近").removeprefix("过去")
    if several := _SEVERAL.fullmatch(text):
        return int(several[1]) * _LARGE_UNITS[several[2][0]]
    return _DAYS.get(text, 0) or minutes_of(text) / _DAY
