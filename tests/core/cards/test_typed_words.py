"""A sentence on a button: the grammar's own in English, and no word of that in Chinese."""

import re

import pytest

from bot.core.cards.words.typed_words import typed_words
from bot.core.commands.verbs.registry import VERBS
from bot.locale import language_of

CHINESE = language_of("zh-CN")

SENTENCES = [
    # what is typed in Chinese, or glued, is met with these
    ("stop 231", "231"),
    ("restart flowers-tb", "flowers-tb"),
    ("claim 231", "231"),
    ("keep 231 4h", "231 4"),
    ("keep 231 until 18:00", "231 18:00"),
    ("keep 231 off", "231"),
    ("history 231 7d", "231 7"),
    ("why last", ""),
    ("subscribe 231 for failed", "231"),
    ("subscribe project for failed,stuck in #ml as card", "#ml"),
    ("unsubscribe all", ""),
    ("snooze here 2h", "2"),
    ("wake me", ""),
    ("quiet here 22:00-08:00 weekdays except failures", "22:00-08:00"),
    ("digest me at 09:00", "09:00"),
    ("digest here at 09:00 weekdays in Asia/Shanghai", "09:00 Asia/Shanghai"),
    ("list running", ""),
    ("list", ""),
    ("cost project week", ""),
    # a job may be called like a word of the grammar
    ("stop running", "running"),
    ('why "failed"', '"failed"'),
    ("find here", "here"),
]


@pytest.mark.parametrize(("sentence", "kept"), SENTENCES)
def test_names_and_clock_times_alone_stay_as_they_are(sentence: str, kept: str) -> None:
    label = typed_words(sentence)

    assert str(label).replace(", ", ",") == sentence
    shown = CHINESE.words(label)
    assert re.findall(r"[\x21-\x7e]+", shown) == kept.split()
    assert re.search("[\u4e00-\u9fff]", shown)


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("subscribe 205 in dm", "在私信中订阅 205"),
        (
            "subscribe 205 for failed,stopped,finished in dm",
            "在私信中订阅 205（仅失败、已停止、已完成）",
        ),
        ("subscribe 205 until monday", "订阅 205 到周一"),
        ("subscribe 205 until 7d", "订阅 205，为期 7 天"),
        ("keep 205 until 18:00", "让 205 继续运行到 18:00"),
        ("keep 205 4h", "让 205 继续运行 4 小时"),
        ("keep 205 off", "取消 205 的继续运行设置"),
        ("snooze here 4h", "静默此处 4 小时"),
        ("snooze me until 18:00", "静默我的私信到 18:00"),
        ("list running", "列出运行中的作业"),
        ("list", "列出作业"),
    ],
)
def test_a_chinese_label_has_the_order_of_chinese(sentence: str, label: str) -> None:
    assert CHINESE.plain(typed_words(sentence)) == label


@pytest.mark.parametrize("verb", sorted(verb.name for verb in VERBS))
def test_each_verb_has_its_word(verb: str) -> None:
    assert not re.search("[a-z]", CHINESE.words(typed_words(f"{verb} 205")))
