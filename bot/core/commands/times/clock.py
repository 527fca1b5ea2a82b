"""Times of the day as people type them: `18:00`, `9am`, `6:30 pm`, `18h30`, `noon`, `下午6点半`."""

import re

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-5][0-9]))?(am|pm)?")
_HALF_A_DAY = 12
_DEEP_NIGHT_ENDS = 5
_HOUR = 60
_MINUTES_OF_A_DAY = 24 * _HOUR

# `6:30 pm`, `6 p.m.`
_HALF_APART = re.compile(r"(?<=[0-9]) ?([ap])\.?(m)\b\.?", re.IGNORECASE)
# `17 Uhr`, `17.30 Uhr`, `9 o'clock`
_OCLOCK = re.compile(r"\b([0-9]{1,2})(?:[:.]([0-5][0-9]))? ?(?:uhr|o['’]?clock)\b", re.IGNORECASE)
# `12:00 noon`, `midnight`.
_NAMED = re.compile(r"(?:\b12(?::00)? ?)?\b(noon|midday|midnight)\b", re.IGNORECASE)
_NAMES = {"noon": "12:00", "midday": "12:00", "midnight": "24:00", "中午": "12:00", "午夜": "24:00"}
_CHINESE_NUMBERS = {
    **{char: number for number, char in enumerate("零一二三四五六七八九十")},
    "两": 2,
    "十一": 11,
    "十二": 12,
}
_CHINESE_HOUR = "|".join(sorted(_CHINESE_NUMBERS, key=len, reverse=True))
_MORNING, _NIGHT = ("凌晨", "早上", "早晨", "上午"), ("晚上", "半夜", "夜里")
_CHINESE = re.compile(
    rf"(?:({'|'.join((*_MORNING, *_NIGHT, '中午', '下午', '傍晚'))}) ?"
    rf"(?:([0-9]{{1,2}})[:：]([0-5][0-9])|([0-9]{{1,2}}|{_CHINESE_HOUR})[点时]"
    r"(?:钟|整|(半)|(一刻)|([0-5]?[0-9])分?)?)"
    rf"|([0-9]{{1,2}}|{_CHINESE_HOUR})[点时](?:钟|整|(半)|(一刻)|([0-5]?[0-9])分?)?"
    r"|(中午|午夜))"
)
# One word may name both a day and its part, as in `今晚8点`; the parser needs two words.
_PARTS_OF_DAYS = {"今晚": "今天晚上", "今早": "今天早上", "明早": "明天早上", "明晚": "明天晚上"}


def minute_of(text: str) -> int | None:
    """Return the minute of the day, from 0 to 1440 (24:00); None if the text is not a time."""
    found = _CLOCK.fullmatch(in_figures(text).strip().lower())
    if not found:
        return None
    hour, half = int(found[1]), found[3]
    if half:
        if not 1 <= hour <= _HALF_A_DAY:
            return None
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if half == "pm" else 0)
    minute = hour * _HOUR + int(found[2] or 0)
    return minute if minute <= _MINUTES_OF_A_DAY else None


def in_figures(text: str) -> str:
    """Return the text with each time of the day as one word in figures, such as `18:00`."""
    text = _OCLOCK.sub(lambda found: f"{found[1]}:{found[2] or '00'}", text)
    text = _HALF_APART.sub(r"\1\2", text)
    return chinese_in_figures(_NAMED.sub(lambda found: _NAMES[found[1].lower()], text))


def chinese_in_figures(text: str) -> str:
    """Return the text with each Chinese time of the day in figures; leave other times alone."""
    if text.isascii():
        return text
    for said, apart in _PARTS_OF_DAYS.items():
        text = text.replace(said, apart)
    return _CHINESE.sub(_chinese_clock, text)


def _chinese_clock(found: re.Match[str]) -> str:
    if name := found[12]:
        return f" {_NAMES[name]} "
    part, said = found[1] or "", found[2] or found[4] or found[8]
    hour = int(said) if said.isascii() else _CHINESE_NUMBERS[said]
    minute = 30 if found[5] or found[9] else 15 if found[6] or found[10] else 0
    minute = int(found[3] or found[7] or found[11] or minute)
    return f" {_hour_of(hour, part)}:{minute:02} "


def _hour_of(hour: int, part: str) -> int:
    """Convert the hour in a part of the day, as in `下午6点`, to an hour from 0 to 24."""
    if not part or hour > _HALF_A_DAY:
        return hour
    if hour == _HALF_A_DAY:
        return {"凌晨": 0, "半夜": 0, "夜里": 0, "晚上": 24}.get(part, hour)
    # 夜里10点 is before midnight, 夜里2点 after it.
    is_early = part in _MORNING or (part in _NIGHT and hour < _DEEP_NIGHT_ENDS)
    return hour if is_early or (part == "中午" and hour > 9) else hour + _HALF_A_DAY
