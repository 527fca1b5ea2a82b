"""Chinese sentences have no spaces between Chinese words, whatever their values are."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.cards.card import Channel, Moment, Strong, TimeStyle
from bot.core.cards.wording import duration_words
from bot.core.chinese_spacing import without_stray_spaces
from bot.core.text import ENGLISH, JOINER, Fragment, Text, say
from bot.locale import language_of

CHINESE = language_of("zh-CN")
AT_LEAST = say("at least {span}", span="1")
JOB = say("job\u00a0{id}", id=205)
EVERY_JOB = say("every job of the project")


@pytest.mark.parametrize(
    ("pieces", "written"),
    [
        (["已订阅 ", "项目", "。"], "已订阅项目。"),
        (["已订阅 ", "flowers-tb", "。"], "已订阅 flowers-tb。"),
        (["", "作业", " 已停止"], "作业已停止"),
        (["失败", " ", "停止"], "失败停止"),
        (["a", " ", "停止"], "a 停止"),
        (["失败", " ", "b"], "失败 b"),
        (["完成。", " ", "重启"], "完成。重启"),
        (["失败 ", "", "停止"], "失败停止"),
        (["two ", "words"], "two words"),
        (["已 ", ""], "已 "),
        ([], ""),
    ],
)
def test_a_space_between_two_chinese_characters_goes(pieces: list[str], written: str) -> None:
    assert "".join(without_stray_spaces(pieces)) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (say("Subscribed to {target}.", target=EVERY_JOB), "已订阅项目的全部作业。"),
        (say("Subscribed to {target}.", target="flowers-tb"), "已订阅 flowers-tb。"),
        (
            say(
                "{job} ran {span} {when}.",
                job="a",
                span=say("at least {span}", span="1"),
                when="",
            ),
            "a 运行了至少 1。",
        ),
        (
            say("Show the card of {name}", name=say("job\u00a0{id}", id=205)),
            "显示作业\u00a0205 的卡片",
        ),
    ],
)
def test_a_chinese_value_stands_in_its_sentence_without_room(text: Text, written: str) -> None:
    assert CHINESE.words(text) == written


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        # What a platform draws may be a name in letters.
        (Channel("C0EXP00001"), ("已订阅 ", Channel("C0EXP00001"), "。")),
        (Strong(EVERY_JOB), ("已订阅", Strong(EVERY_JOB), "。")),
        (Strong("flowers-tb"), ("已订阅 ", Strong("flowers-tb"), "。")),
    ],
)
def test_room_is_left_for_what_is_drawn_as_a_name(
    value: Fragment, pieces: tuple[str | Fragment, ...]
) -> None:
    assert CHINESE.pieces(say("Subscribed to {target}.", target=value)) == pieces


AT = datetime(2026, 3, 24, 14, 5, tzinfo=UTC)
DAY = Moment(AT, TimeStyle.DAY_AND_CLOCK)
CLOCK, SECOND = Moment(AT), Moment(AT, TimeStyle.TO_THE_SECOND)


@pytest.mark.parametrize(
    ("text", "drawn", "written"),
    [
        # Slack writes `今天 14:05`, or `2026年3月24日 14:05`.
        (
            say("created {time}", time=DAY),
            ("创\u2060建\u2060于\u2060", DAY),
            "创建于 2026-03-24 14:05 UTC",
        ),
        (
            say("as\u00a0of {time}", time=DAY),
            ("截\u2060至\u2060", DAY),
            "截至 2026-03-24 14:05 UTC",
        ),
        (
            say("Watched since {time}.", time=DAY),
            ("自\u2060", DAY, " 起监控。"),
            "自 2026-03-24 14:05 UTC 起监控。",
        ),
        # A bare time begins with a digit.
        (say("as\u00a0of {time}", time=CLOCK), ("截至\u00a0", CLOCK), "截至 14:05 UTC"),
        (say("as\u00a0of {time}", time=SECOND), ("截至\u00a0", SECOND), "截至 14:05:00 UTC"),
        # Punctuation has room of its own.
        (
            say("{when} ({clock})", when=DAY, clock="14:05 UTC"),
            (DAY, "（14:05 UTC）"),
            "2026-03-24 14:05 UTC（14:05 UTC）",
        ),
        (
            say("The next digest comes {time}.", time=DAY),
            ("下一次汇总：", DAY, "。"),
            "下一次汇总：2026-03-24 14:05 UTC。",
        ),
    ],
)
def test_a_date_has_no_room_before_it_where_slack_writes_it(
    text: Text, drawn: tuple[str | Fragment, ...], written: str
) -> None:
    assert CHINESE.pieces(text) == drawn
    assert CHINESE.plain(text) == written


def test_no_line_breaks_before_a_date_in_an_english_sentence() -> None:
    assert ENGLISH.pieces(say("created {time}", time=DAY)) == ("created\u00a0", DAY)
    assert ENGLISH.plain(say("created {time}", time=DAY)) == "created 2026-03-24 14:05 UTC"


def test_a_chinese_name_in_an_english_sentence_keeps_its_spaces() -> None:
    assert ENGLISH.words(say("Subscribed to {target}.", target="训练")) == "Subscribed to 训练."


def test_a_chinese_duration_is_of_one_piece_and_plain_text_has_no_signs_that_are_not_seen() -> None:
    span = duration_words(timedelta(days=3, hours=2))

    assert CHINESE.words(span) == f"3\u00a0天\u00a02\u00a0小{JOINER}时"
    assert CHINESE.words(say("Last 24\u00a0h")) == f"最近 24\u00a0小{JOINER}时"
    assert CHINESE.plain(span) == "3 天 2 小时"
    assert CHINESE.plain(duration_words(timedelta(minutes=41))) == "41 分钟"
