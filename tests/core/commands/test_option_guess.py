"""Sentences with a word too few or too many: the suggestion that each is met with can be run."""

import pytest

from bot.core.commands.grammar import is_sentence, parse
from bot.core.errors import BadCommand

#: As typed -> the first sentence that is suggested.
MEANT = {
    "subscribe 205 dm": "subscribe 205 in dm",
    "subscribe 205 to dm": "subscribe 205 in dm",
    "subscribe 205 #C0EXP00001": "subscribe 205 in #C0EXP00001",
    "subscribe 205 failed": "subscribe 205 for failed",
    "subscribe 205 failed, deleted": "subscribe 205 for failed deleted",
    "subscribe 205 failures dm": "subscribe 205 for failures in dm",
    "watch flow* finished until 4h": "subscribe flow* for finished until 4h",
    "subscribe project card": "subscribe project as card",
    "subscribe 205 4h": "subscribe 205 until 4h",
    "subscribe 205 18:00 in dm": "subscribe 205 until 18:00 in dm",
    "unsubscribe 205 dm": "unsubscribe 205 in dm",
    "history 205 last 7 days": "history 205 7d",
    "history 205 past week": "history 205 7d",
    "history 205 yesterday": "history 205 7d",
    "history 3 weeks 205": "history 205 30d",
    "history 205 12 hours": "history 205 24h",
    "cost 205 last 7 days": "cost 205 week",
    "cost 205 30 days": "cost 205 month",
    "subscribe 205 for faild": "subscribe 205 for failed",
    "subscribe 205 for errors in dm": "subscribe 205 for failed in dm",
    "subscribe 205 for failures,stopped": "subscribe 205 for failed,stopped",
    "subscribe 205 for failed for deleted": "subscribe 205 for failed,deleted",
    "subscribe 205 for 失败": "subscribe 205 for failed",
    "subscribe 205 on failure until tomorow": "subscribe 205 for failed until tomorrow",
    "subscribe for failed 205": "subscribe 205 for failed",
    "subscribe until 18:00 205": "subscribe 205 until 18:00",
    "subscribe 205 untill 18:00": "subscribe 205 until 18:00",
    "subscribe 205 unitl monday 9:00 in dm": "subscribe 205 until monday 9:00 in dm",
    "subscribe 205 --for failed": "subscribe 205 for failed",
    "subscribe --for=failed 205": "subscribe 205 for failed",
    "subscribe 205 für failed": "subscribe 205 for failed",
    "subscribe 205 as theard": "subscribe 205 as thread",
    "subscribe 205 as crad until 4h": "subscribe 205 as card until 4h",
    "subscribe as card 205 for failed": "subscribe 205 as card for failed",
    "subscribe in dm 205 until 18:00": "subscribe 205 in dm until 18:00",
    "subscribe 205 for 4h": "subscribe 205 until 4h",
    "subscribe 205 for failed for 2 days": "subscribe 205 for failed until 2 days",
    "subscribe 205 when it fails": "subscribe 205 for failed",
    "subscribe 205 once it is finished": "subscribe 205 for finished",
    "subscribe 205 as dm": "subscribe 205 in dm",
    "copy 205 dm": "copy 205 to dm",
    "copy 205 #C0GENERAL1": "copy 205 to #C0GENERAL1",
    "subscribe 205 in me": "subscribe 205 in dm",
    "subscribe 205 in 4h": "subscribe 205 until 4h",
    "subscribe 205 for failed in 30 minutes": "subscribe 205 for failed until 30 minutes",
    "watch flow* in 18:00": "subscribe flow* until 18:00",
    "subscribe 205 in 2小时": "subscribe 205 until 2小时",
    "subscribe 205 for failed in this channel": "subscribe 205 for failed",
    "unsubscribe 205 in me": "unsubscribe 205 in dm",
    "copy 205 to me": "copy 205 to dm",
    "snooze 205 untill 18:00": "snooze 205 until 18:00",
    "keep 205 unitl monday 9:00": "keep 205 until monday 9:00",
    "audit 1000": "audit 100",
    "why details 205": "why 205 details",
    "why 205 detail": "why 205 details",
    "language zh": "settings language zh",
    "+205": "205",
}


@pytest.mark.parametrize("typed", MEANT)
def test_what_is_meant_is_suggested_and_is_a_sentence(typed: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert refused.value.suggestions[:1] == (MEANT[typed],)
    assert all(map(is_sentence, refused.value.suggestions))


@pytest.mark.parametrize(
    "typed",
    [
        "subscribe 205 banana",
        "subscribe 205 dm banana",
        "subscribe 205 dm in dm",
        "unsubscribe 205 for failed",
        "unsubscribe 205 failed",
        "cost today week",
        "history 205 231 7d",
        "+0",
        "unsubscribe 205 in 4h",
        "copy 205 to 18:00",
        "subscribe 205 in 4h until 18:00",
    ],
)
def test_where_nothing_is_meant_nothing_is_suggested(typed: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert refused.value.suggestions == ()


def test_this_week_is_the_week() -> None:
    assert parse("cost this week") == parse("cost week")
    assert parse("cost 205 this month") == parse("cost 205 month")
    assert parse('cost "this" week').text == 'cost "this"'


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [("subscribe ***", "*"), ("subscribe foo**bar", "foo*bar"), ("unsubscribe **a***", "*a*")],
)
def test_stars_in_a_row_are_one(typed: str, pattern: str) -> None:
    assert parse(typed) == parse(f"{typed.split()[0]} {pattern}")
    assert parse(typed).text.endswith(f" {pattern}")


#: A value that nobody can guess: a sentence without it would do something else.
@pytest.mark.parametrize(
    "typed",
    [
        "subscribe 205 for banana",
        "subscribe 205 for failed,banana",
        "subscribe 205 until whenever",
        "subscribe 205 until 18:00 until 19:00",
        "subscribe 205 in #general",
        "subscribe 205 as xyzzy",
    ],
)
def test_an_option_that_cannot_be_guessed_is_not_left_out_of_a_suggestion(typed: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert "subscribe 205" not in refused.value.suggestions
    assert refused.value.option
