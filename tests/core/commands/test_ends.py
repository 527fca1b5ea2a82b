"""Until when: a day with a time is accepted wherever a time is, in any order, with any verb."""

import pytest

from bot.core.commands.grammar import parse
from bot.core.commands.times.ends import split_end
from bot.core.commands.words.tokens import Word
from bot.core.errors import BadCommand

MEANT = {
    # After the word that says that a time comes.
    "keep 205 until monday 9:00": "keep 205 until monday 9:00",
    "keep flowers-tb until mon 9am": "keep flowers-tb until monday 9:00",
    "keep 205 直到18:00": "keep 205 until 18:00",
    "snooze 205 到18:00": "snooze 205 until 18:00",
    "snooze me until Friday at 17:00": "snooze me until friday 17:00",
    "snooze until fri 5 pm here": "snooze here until friday 17:00",
    "mute here for sunday 22:15": "snooze here until sunday 22:15",
    "subscribe 205 until wed 8:30": "subscribe 205 until wednesday 8:30",
    "watch flow* for failed until 18:30 saturday as card": (
        "subscribe flow* for failed until saturday 18:30 as card"
    ),
    "subscribe 205 in dm until tomorrow 9:00 share": "subscribe 205 in dm until tomorrow 9:00",
    'snooze 205 until "thu 7:45"': "snooze 205 until thursday 7:45",
    "keep 205 until 周一 9:00": "keep 205 until monday 9:00",
    "subscribe 205 until 星期五17:00": "subscribe 205 until friday 17:00",
    # And without it.
    "keep 205 tuesday 10:00": "keep 205 until tuesday 10:00",
    "keep 205 mon 9am": "keep 205 until monday 9:00",
    "keep 205 9am": "keep 205 until 9:00",
    "snooze 205 thursday at 6 pm": "snooze 205 until thursday 18:00",
    "snooze tomorrow 8:00 here": "snooze here until tomorrow 8:00",
    "keep 205 sat": "keep 205 until saturday",
    # What begins like a day is a job where one may stand.
    "snooze mon 4h": "snooze mon 4h",
    "keep fri-train until monday": "keep fri-train until monday",
    "snooze name:monday until 18:00": "snooze name:monday until 18:00",
}


@pytest.mark.parametrize("typed", MEANT)
def test_a_day_with_a_time_is_read_and_means_itself(typed: str) -> None:
    assert parse(typed).text == MEANT[typed]
    assert parse(MEANT[typed]) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("keep 205 until monday 25:00", "until `monday 25:00`"),
        ("snooze me until friday soon", "until `friday soon`"),
        ("snooze 205 until moonday 9:00", "until `moonday 9:00`"),
        ("subscribe 205 until monday tuesday", "`until monday tuesday` as a time"),
        ("subscribe 205 until", "needs a time or a span"),
        ("keep sat", "needs to know until when"),
    ],
)
def test_what_is_no_end_is_refused_as_it_was_typed(typed: str, says: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert says in str(refused.value)
    assert refused.value.hint


def test_in_a_very_long_sentence_an_end_is_found_among_its_last_words() -> None:
    words = [Word(text, quoted=False) for text in ("205", *["so"] * 80, "4h", "please")]

    rest, end = split_end(words)

    assert end == "4h"
    assert len(rest) == 82
