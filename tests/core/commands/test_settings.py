"""`settings`: what may be typed, and what its form says."""

import pytest

from bot.core.cards.holds.settings import settings_form
from bot.core.commands.grammar import parse
from bot.core.commands.verbs.answers import Answers
from bot.core.commands.verbs.registry import FORMS
from bot.core.commands.verbs.settings import SetRules, SettingsForm
from bot.core.errors import BadAnswers, BadCommand
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.subscription import Place
from bot.core.text import ENGLISH

FORM = FORMS["settings"]
HERE = Place(team_id="T0VISION01", channel_id="C0EXP00001")
BEGUN: Answers = {
    "hidden": ("settings in #C0EXP00001 language usual quiet off digest off",),
    "language": ("usual",),
}


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("settings", SettingsForm()),
        ("settings here", SettingsForm()),
        ("settings me", SettingsForm("dm")),
        ("settings in dm", SettingsForm("dm")),
        ("settings in #C0EXP00001", SettingsForm("#C0EXP00001")),
        ("settings language en", SetRules(language="en")),
        ("settings language zh-CN", SetRules(language="zh-CN")),
        ("settings language ZH_cn", SetRules(language="zh-CN")),
        ("settings language Chinese", SetRules(language="zh-CN")),
        ("settings language 中文", SetRules(language="zh-CN")),
        ("Settings Language English", SetRules(language="en")),
        ("settings language usual", SetRules(language="usual")),
        ("settings unchanged", SetRules()),
        ("settings in #C0EXP00001 unchanged", SetRules(where="#C0EXP00001")),
        ("settings me language en", SetRules(where="dm", language="en")),
        ("settings quiet 22:00-8:00", SetRules(quiet="22:00-08:00")),
        ("settings quiet 10pm to 8am weekdays", SetRules(quiet="22:00-08:00 weekdays")),
        ("settings quiet off digest 9:00", SetRules(quiet="off", digest="at 09:00")),
        (
            "settings in dm digest at 09:00 weekdays quiet 22:00-08:00 except failures",
            SetRules(where="dm", quiet="22:00-08:00 except failures", digest="at 09:00 weekdays"),
        ),
    ],
)
def test_what_may_be_typed(typed: str, command: SettingsForm | SetRules) -> None:
    assert parse(typed) == command
    assert parse(command.text) == command


@pytest.mark.parametrize(
    ("typed", "says", "option"),
    [
        ("settings language", "Which language?", "language"),
        ("settings language fr", "I don't speak `fr`.", "language"),
        ("settings language en zh-CN", "I don't speak `en zh-CN`.", "language"),
        ("settings langage en", "does not know `langage`", ""),
        ("settings language en language en", "is there twice", ""),
        ("settings me in dm", "takes one channel", ""),
        ("settings in nowhere", "I can't reach a channel", "in"),
        ("settings quiet 25:00-08:00", "is not a time of the day", "quiet"),
        ("settings quiet 08:00-08:00", "Quiet hours that end", "quiet"),
        ("settings digest lunchtime", "is not a time of the day", "digest"),
    ],
)
def test_what_may_not(typed: str, says: str, option: str) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(typed)

    assert says in str(caught.value)
    assert caught.value.option == option


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "settings in #C0EXP00001 unchanged"),
        ({"language": ("zh-CN",)}, "settings in #C0EXP00001 language zh-CN"),
        (
            {"quiet_from": ("22:00",), "quiet_to": ("8:00",)},
            "settings in #C0EXP00001 quiet 22:00-08:00",
        ),
        (
            {
                "quiet_from": (" 10pm ",),
                "quiet_to": ("8am",),
                "quiet_on": ("except_failures", "weekdays"),
            },
            "settings in #C0EXP00001 quiet 22:00-08:00 weekdays except failures",
        ),
        ({"digest_at": ("9:00",)}, "settings in #C0EXP00001 digest at 09:00"),
        (
            {"digest_at": ("09:00",), "digest_on": ("weekdays",)},
            "settings in #C0EXP00001 digest at 09:00 weekdays",
        ),
        # Ticked, but of nothing.
        (
            {"quiet_on": ("weekdays",), "digest_on": ("weekdays",)},
            "settings in #C0EXP00001 unchanged",
        ),
    ],
)
def test_the_form_says_what_was_changed(answers: Answers, sentence: str) -> None:
    assert FORM.read({**BEGUN, **answers}).text == sentence


def test_what_stood_and_was_left_is_not_said() -> None:
    hidden = ("settings in dm language en quiet 22:00-08:00 weekdays digest at 09:00",)
    left: Answers = {
        "hidden": hidden, "language": ("en",), "quiet_from": ("22:00",), "quiet_to": ("08:00",),
        "quiet_on": ("weekdays",), "digest_at": ("09:00",),
    }  # fmt: skip

    assert FORM.read(left).text == "settings in dm unchanged"
    assert FORM.read({**left, "digest_at": ()}).text == "settings in dm digest off"
    emptied: Answers = {**left, "quiet_from": ("",), "quiet_to": ()}
    assert FORM.read(emptied).text == "settings in dm quiet off"


@pytest.mark.parametrize(
    ("answers", "question", "says"),
    [
        ({"language": ()}, "language", "Which language?"),
        ({"language": ("fr",)}, "language", "I don't speak `fr`."),
        ({"quiet_from": ("25:00",), "quiet_to": ("08:00",)}, "quiet_from", "is not a time"),
        ({"quiet_from": ("22:00",), "quiet_to": ("8.75",)}, "quiet_to", "is not a time"),
        ({"quiet_from": ("22:00",)}, "quiet_to", "Type when they end."),
        ({"quiet_to": ("08:00",)}, "quiet_from", "Type when they begin."),
        ({"quiet_from": ("8:00",), "quiet_to": ("08:00",)}, "quiet_to", "They would begin and end"),
        ({"quiet_from": ("1-2",), "quiet_to": ("08:00",)}, "quiet_from", "is not a time"),
        ({"digest_at": ("24:01",)}, "digest_at", "is not a time"),
        ({"digest_at": ("9 10",)}, "digest_at", "is one word too many"),
        ({"digest_at": ('9"',)}, "digest_at", ""),
        ({"hidden": ()}, "language", "I can't tell what this form is about"),
        ({"hidden": ("settings",)}, "language", "I can't tell what this form is about"),
        ({"hidden": ("unsubscribe all",)}, "language", "I can't tell what this form is about"),
        ({"hidden": ('"',)}, "language", "I can't tell what this form is about"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(answers: Answers, question: str, says: str) -> None:
    with pytest.raises(BadAnswers) as caught:
        FORM.read({**BEGUN, **answers})

    assert list(caught.value.problems) == [question]
    assert says in str(caught.value.problems[question])


def test_the_form_names_the_zone_and_what_stands() -> None:
    rules = PlaceRules(
        place=HERE,
        quiet_hours=QuietHours(begins_at=1320, ends_at=480, lets_failures_pass=True),
        digest=Digest(at=540, is_weekdays_only=True),
        language="zh-CN",
        time_zone="Asia/Shanghai",
        set_by="U0ANA00001",
    )
    form = settings_form(rules, zone="Europe/Berlin")
    intro = [ENGLISH.words(line[0]) for line in form.intro]  # type: ignore[arg-type]

    assert form.hidden == (
        "settings in #C0EXP00001 language zh-CN quiet 22:00-08:00 except failures"
        " digest at 09:00 weekdays"
    )
    assert intro[0].startswith("For the channel; last changed by")
    assert "in Asia/Shanghai" in intro[1]
    assert "Europe/Berlin" in intro[1]
    assert [question.name for question in form.questions] == [
        "language", "quiet_from", "quiet_to", "quiet_on", "digest_at", "digest_on",
    ]  # fmt: skip
