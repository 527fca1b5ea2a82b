"""How a day is written, and days in a row, in both languages."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.core.cards.day_words import day_words, days_words, weekday_words
from bot.core.text import ENGLISH, Text
from bot.locale import language_of

CHINESE = language_of("zh-CN")
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (lambda: day_words(MONDAY), "30 Nov", "11月30日"),
        (lambda: day_words(date(2026, 5, 3)), "3 May", "5月3日"),
        (lambda: weekday_words(MONDAY), "Mon 30 Nov", "11月30日 周一"),
        (lambda: weekday_words(date(2026, 11, 29)), "Sun 29 Nov", "11月29日 周日"),
        (lambda: days_words(MONDAY, MONDAY), "30 Nov", "11月30日"),
        (lambda: days_words(date(2026, 11, 3), date(2026, 11, 9)), "3–9 Nov", "11月3日–9日"),
        (lambda: days_words(MONDAY, date(2026, 12, 2)), "30 Nov–2 Dec", "11月30日–12月2日"),
        (lambda: days_words(date(2025, 11, 3), MONDAY), "3 Nov–30 Nov", "11月3日–11月30日"),
    ],
)
def test_a_day_is_written_as_people_write_it(
    words: Callable[[], Text], english: str, chinese: str
) -> None:
    assert ENGLISH.plain(words()) == english
    assert CHINESE.plain(words()) == chinese
