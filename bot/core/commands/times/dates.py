"""Rewrite unambiguous dates with a year: `31.12.2026`, `Dec 31, 2026`, `2026年12月31日`.
Dates with slashes and the year last stay, because their day and month may be swapped."""

import re

_MONTHS = (
    ("jan", "january", "januar"),
    ("feb", "february", "februar"),
    ("mar", "march", "märz"),
    ("apr", "april"),
    ("may", "mai"),
    ("jun", "june", "juni"),
    ("jul", "july", "juli"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october", "okt", "oktober"),
    ("nov", "november"),
    ("dec", "december", "dez", "dezember"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_YEAR_LAST = re.compile(r"\b([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\b")
_YEAR_FIRST = re.compile(r"\b([0-9]{4})[/.年]([0-9]{1,2})[/.月]([0-9]{1,2})(?:日|号|\b)")
_DAY_NAME_YEAR = re.compile(
    rf"\b([0-9]{{1,2}})(?:st|nd|rd|th|\.)? ({_MONTH})\.?,? ([0-9]{{4}})\b", re.IGNORECASE
)
_NAME_DAY_YEAR = re.compile(
    rf"\b({_MONTH})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}})\b", re.IGNORECASE
)


def in_iso_dates(text: str) -> str:
    """Return the text with each unambiguous date as `2026-12-31`."""
    text = _YEAR_FIRST.sub(lambda found: _date(found[1], found[2], found[3]), text)
    text = _YEAR_LAST.sub(lambda found: _date(found[3], found[2], found[1]), text)
    text = _DAY_NAME_YEAR.sub(lambda found: _date(found[3], _number(found[2]), found[1]), text)
    return _NAME_DAY_YEAR.sub(lambda found: _date(found[3], _number(found[1]), found[2]), text)


def _number(month: str) -> str:
    return str(_NUMBER_OF[month.lower()])


def _date(year: str, month: str, day: str) -> str:
    return f" {year}-{month:0>2}-{day:0>2} "
