"""`keep`, `claim` and `disclaim`: what may be typed, in which spelling, and what is refused."""

import pytest

from bot.core.commands.grammar import parse
from bot.core.errors import BadCommand


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("keep 205 4h", "keep 205 4h"),
        ("keep 205 for 4h", "keep 205 4h"),
        ("keep job 205 30M", "keep 205 30m"),
        ("keep flowers-tb 2d", "keep flowers-tb 2d"),
        ("keep last until 18:00", "keep last until 18:00"),
        ("keep 205 18:00", "keep 205 until 18:00"),
        ("keep 205 until 4h", "keep 205 4h"),
        ("keep 205 until Monday", "keep 205 until monday"),
        ("keep 205 until tomorrow share", "keep 205 until tomorrow"),
        ("keep 205 until 2026-03-24t18:00z", "keep 205 until 2026-03-24t18:00z"),
        ("keep 205 off", "keep 205 off"),
        ("KEEP 205 OFF", "keep 205 off"),
        ("keep 4h", "keep 4h"),
        ("keep until 18:00", "keep until 18:00"),
        ("keep off", "keep off"),
        ('keep "off" 4h', "keep off 4h"),
        ("claim 205", "claim 205"),
        ("claim", "claim"),
        ("claim 205 anyway", "claim 205 anyway"),
        ("claim anyway", "claim anyway"),
        ("claim name:205", "claim name:205"),
        ("disclaim 205", "disclaim 205"),
        ("disclaim 205 for <@U0BEN00001|ben>", "disclaim 205 for <@U0BEN00001>"),
        ("disclaim flowers-tb FOR <@W0LI000001>", "disclaim flowers-tb for <@W0LI000001>"),
        ("disclaim", "disclaim"),
    ],
)
def test_a_sentence_has_one_spelling_and_means_itself(typed: str, text: str) -> None:
    assert parse(typed).text == text
    assert parse(text) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("keep", "needs to know until when"),
        ("keep 205", "needs to know until when"),
        ("keep 205 until", "needs to know until when"),
        ("keep flowers-tb", "needs to know until when"),
        ("keep 205 soon", "until `soon`"),
        ("keep 205 0h", "until `0h`"),
        ("keep 205 -4h", "until `-4h`"),
        ("keep 205 367d", "until `367d`"),
        ("keep 205 9999h", "until `9999h`"),
        ("keep 205 until done", "until `done`"),
        ("keep 205 until 25:00", "until `25:00`"),
        ("keep 205 231 4h", "takes one job"),
        ("keep a/b 4h", "neither a job id"),
        ("claim 205 231", "takes one job"),
        ("claim 205 now please", "takes one job"),
        ("disclaim 205 231", "takes one job"),
        ("disclaim 205 for ben", "takes one job"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(typed: str, says: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert says in str(refused.value)
    for suggestion in refused.value.suggestions:
        assert parse(suggestion).text == suggestion


def test_a_job_without_an_end_is_kept_by_what_is_suggested() -> None:
    with pytest.raises(BadCommand) as refused:
        parse("keep 205")

    assert refused.value.suggestions == ("keep 205 4h", "keep 205 until 18:00")
