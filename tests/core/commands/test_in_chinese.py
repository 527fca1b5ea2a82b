"""Requests in Chinese: none is run, and each gets the sentence that it means."""

import pytest

from bot.core.commands.grammar import meant, parse
from bot.core.errors import BadCommand

ENDS = "for failed,stopped,finished in dm"
#: A request, and the sentences that are suggested.
MEANT: list[tuple[str, list[str]]] = [
    ("续期205 4小时", ["keep 205 4h"]),
    ("设置免打扰 22:00-08:00", ["quiet here 22:00-08:00", "quiet me 22:00-08:00"]),
    ("设置", ["settings"]),
    ("每天9点发摘要", ["digest here 9:00", "digest me 9:00"]),
    ("每日9点日报", ["digest here 9:00", "digest me 9:00"]),
    ("本周花了多少钱", ["cost week"]),
    ("205花了多少钱", ["cost 205"]),
    ("怎么订阅", ["subscribe"]),
    ("如何停止作业", ["stop"]),
    ("复制205到私信", ["copy 205 to dm"]),
    ("订阅205到私信", ["subscribe 205 in dm"]),
    ("订阅205 失败 私信", ["subscribe 205 for failed in dm"]),
    ("订阅205到 #C0GENERAL1", ["subscribe 205 in #C0GENERAL1"]),
    ("订阅205两天", ["subscribe 205 until 2d"]),
    ("订阅所有作业", ["subscribe project"]),
    ("停止它", ["stop"]),
    ("把它停掉", ["stop"]),
    ("为什么失败了", ["why"]),
    ("能不能帮我订阅一下205", ["subscribe 205"]),
    ("完成了通知我", [f"subscribe {ENDS}"]),
    ("好了叫我", [f"subscribe {ENDS}"]),
    ("205好了告诉我", [f"subscribe 205 {ENDS}"]),
    ("停止时通知我", [f"subscribe {ENDS}"]),
    ("通知我", ["subscribe in dm"]),
    ("恢复通知", ["wake here", "wake me"]),
    (
        "每个工作日早上9点汇总",
        ["digest here weekdays 9:00", "digest me weekdays 9:00"],
    ),
    ("取消205的静音", ["wake 205"]),
    ("私信订阅205", ["subscribe 205 in dm"]),
    ("用私信通知我205", ["subscribe 205 in dm"]),
    ("停止所有作业", ["list running"]),
    ("重启失败的作业", ["list failed"]),
    ("谁订阅了205", ["why 205"]),
    ("上个月费用", ["cost"]),
    ("现在别烦我", ["snooze here 4h", "snooze me 4h"]),
    ("改成中文", ["settings language zh-CN"]),
    ("机器人还好吗", ["status"]),
    # No more messages: neither a subscription nor a stop.
    ("停止订阅205", ["unsubscribe 205", "snooze 205 4h"]),
    ("停止发205的消息", ["unsubscribe 205", "snooze 205 4h"]),
    ("关掉205的通知", ["unsubscribe 205", "snooze 205 4h"]),
    ("不要通知我205", ["unsubscribe 205", "snooze 205 4h"]),
    ("不要再通知了", ["unsubscribe", "snooze here 4h"]),
    ("别发了", ["unsubscribe", "snooze here 4h"]),
    ("闭嘴", ["snooze here 4h", "snooze me 4h"]),
    ("免打扰到明天", ["snooze here until tomorrow", "snooze me until tomorrow"]),
    ("取消日报", ["digest here off", "digest me off"]),
    # An act at a later time, or on other jobs.
    ("明天停止205", ["keep 205 until tomorrow", "stop 205"]),
    ("两小时后停止205", ["keep 205 2h", "stop 205"]),
    ("205跑完后停掉", ["stop 205"]),
    ("停止除了205以外的作业", []),
    # Spans, more time, an owner, a language.
    ("静音205半小时", ["snooze 205 30m"]),
    ("静音205一个半小时", ["snooze 205 1h30m"]),
    ("保留205一周", ["keep 205 1w"]),
    ("让205再跑两小时", ["keep 205 2h"]),
    ("再跑一次193", ["restart 193"]),
    ("205不是我的", ["disclaim 205"]),
    ("说中文", ["settings language zh-CN"]),
    ("设置中文", ["settings language zh-CN"]),
    ("我订阅了什么", ["subscriptions mine"]),
    ("订阅怎么用", ["help subscribe"]),
    ("205失败的话通知我", ["subscribe 205 for failed in dm"]),
    ("205完成时通知大家", ["subscribe 205 for failed,stopped,finished"]),
    ("history 205 最近30天", ["history 205 30d"]),
]


@pytest.mark.parametrize(("typed", "suggested"), MEANT, ids=[row[0] for row in MEANT])
def test_what_is_meant_is_suggested(typed: str, suggested: list[str]) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert list(refused.value.suggestions) == suggested
    assert [meant(sentence) for sentence in suggested] == [(one,) for one in suggested]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("作业 205", "205"),
        ("任务205", "205"),
        ("编号：205", "205"),
        ("stop 作业 205", "stop 205"),
        ("cost 本周", "cost"),
        ("cost 205 本月", "cost 205 month"),
        ("205停了吗", "205"),
        ("不要停止205", "205"),
        ("205怎么停了", "205"),
    ],
)
def test_a_question_or_a_label_is_understood(typed: str, means: str) -> None:
    assert parse(typed).text == means


def test_two_jobs_in_one_word_are_two_jobs() -> None:
    with pytest.raises(BadCommand, match="names several jobs"):
        parse("205和231")
