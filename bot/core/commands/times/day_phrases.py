"""Days that have several words, such as `next monday` or `day after tomorrow`, and their Chinese
names: `下周五`, `后天`."""

import re

#: The canonical spelling of the days of the week, Monday first.
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Their short forms.
SHORT_DAYS = {
    **{day[:3]: day for day in DAYS},
    **{"tues": "tuesday", "weds": "wednesday", "thur": "thursday", "thurs": "thursday"},
}
#: The characters that follow CHINESE_WEEKS, and their days.
CHINESE_NUMBERS = dict(zip(("一", "二", "三", "四", "五", "六", "日天"), DAYS, strict=True))
CHINESE_WEEKS = ("周", "星期", "礼拜")

#: The canonical spelling of the day in two days.
AFTER_TOMORROW = "day after tomorrow"
#: The end of the canonical spelling of a day of the next week, which begins on Monday.
NEXT_WEEK = " next week"

_NAMES = {name: day for name, day in [*SHORT_DAYS.items(), *((day, day) for day in DAYS)]}
_ANY_DAY = "|".join(sorted(_NAMES, key=len, reverse=True))
_CHINESE_DAYS = {
    number: day for numbers, day in CHINESE_NUMBERS.items() for number in numbers
}  # fmt: skip
_AFTER_TOMORROW = re.compile(
    rf"(?:\bthe )?\b{AFTER_TOMORROW}\b|\bübermorgen\b|(?<!大)后天", re.IGNORECASE
)
_DAY_FIRST = re.compile(rf"\b({_ANY_DAY}){NEXT_WEEK}\b", re.IGNORECASE)
_WEEK_FIRST = re.compile(rf"\bnext week (?:on )?({_ANY_DAY})\b", re.IGNORECASE)
# Any other day may be one of this week.
_NEXT_MONDAY = re.compile(r"\bnext (mon(?:day)?)\b", re.IGNORECASE)
_IN_CHINESE = re.compile(
    rf"(?<!下)下个?(?:{'|'.join(CHINESE_WEEKS)})([{''.join(_CHINESE_DAYS)}])"
)  # fmt: skip

#: A single word for each of these days, and its canonical spelling.
WORDS = {
    "after-tomorrow": AFTER_TOMORROW,
    **{f"next-{day}": day + NEXT_WEEK for day in DAYS},
}


def in_one_word_each(text: str) -> str:
    """Return a text with each of these days replaced by its word of WORDS."""
    text = _AFTER_TOMORROW.sub(" after-tomorrow ", text)
    for pattern in (_DAY_FIRST, _WEEK_FIRST, _NEXT_MONDAY):
        text = pattern.sub(lambda found: f" next-{_NAMES[found[1].lower()]} ", text)
    return _IN_CHINESE.sub(lambda found: f" next-{_CHINESE_DAYS[found[1]]} ", text)


def doubtful_day(first: str, second: str) -> str:
    """Return the day of `next friday`, which may be of this week or of the next; else nothing."""
    day = _NAMES.get(second.lower(), "") if first.lower() == "next" else ""
    return "" if day == DAYS[0] else day
