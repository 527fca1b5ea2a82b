"""Lengths of time as people type them: `4h`, `90min`, `2d 3h`, `1.5 hours`, `2小时`."""

import re
from decimal import Decimal

_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60
_UNITS = {
    **dict.fromkeys(["m", "min", "mins", "minute", "minutes", "minuten", "分", "分钟"], 1),
    **dict.fromkeys(
        [
            "h",
            "hr",
            "hrs",
            "hour",
            "hours",
            "std",
            "stunde",
            "stunden",
            "小时",
            "个小时",
            "钟头",
            "个钟头",
        ],
        _HOUR,
    ),
    **dict.fromkeys(["d", "day", "days", "tag", "tage", "tagen", "天"], _DAY),
    **dict.fromkeys(["w", "wk", "week", "weeks", "woche", "wochen", "周", "个星期", "星期"], _WEEK),
}
_ANY_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
# A number and its unit. No letter may follow the unit.
_PART = re.compile(
    rf"([0-9]{{1,5}}(?:[.,][0-9]{{1,2}})?) ?({_ANY_UNIT})(?![a-z])(?: ?,? ?(?:and )?)"
)
_SPELLED = re.compile(r"[1-9][0-9]{0,5}[mhd]")
# The minutes of `1h30`.
_GLUED_MINUTES = re.compile(r"(?<=[0-9]h)([0-5][0-9])(?=\Z)")
_ENGLISH = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# `an hour` has a blank, lest `and` were a day.
_WORDS = rf"(?:half an|half a|an|a|one|{'|'.join(_ENGLISH)})(?= )|半个|半|[一两二三四五六七八九十]"
_IN_WORDS = re.compile(rf"\A({_WORDS}) ?(?=[a-z天小个分钟周星])")
_NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "一"), "1"),
    **dict.fromkeys(("half an", "half a", "半", "半个"), "0.5"),
    **{char: str(number) for number, char in enumerate("二三四五六七八九十", start=2)},
    **{word: str(number) for number, word in enumerate(_ENGLISH, start=2)},
    "两": "2",
}


def minutes_of(text: str) -> int:
    """Return the minutes of a span in lower case; 0 if the text is no span of whole minutes."""
    text = _IN_WORDS.sub(lambda found: f"{_NUMBERS[found[1]]} ", text)
    text = _GLUED_MINUTES.sub(r"\1m", text)
    minutes, at, least = Decimal(0), 0, 2 * _WEEK
    while at < len(text):
        found = _PART.match(text, at)
        # Each part must have a smaller unit than the part before, as in `2d 3h`.
        if not found or _UNITS[found[2]] >= least:
            return 0
        least = _UNITS[found[2]]
        minutes += Decimal(found[1].replace(",", ".")) * least
        at = found.end()
    return int(minutes) if minutes == int(minutes) else 0


def spelled_span(text: str) -> str:
    """Return a span in its canonical spelling, `4h`; empty if the text is no span."""
    if _SPELLED.fullmatch(text):
        return text
    minutes = minutes_of(text)
    if not minutes:
        return ""
    unit, size = next(one for one in (("d", _DAY), ("h", _HOUR), ("m", 1)) if not minutes % one[1])
    return f"{minutes // size}{unit}"
