"""A verb and its job without a blank between them, in Chinese and in English."""

import pytest

from bot.core.commands.command import Command
from bot.core.commands.grammar import parse
from bot.core.commands.mentions.mention import parse_mention
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.show import Show
from bot.core.errors import BadCommand

#: A sentence in Chinese, and what is suggested for it.
CHINESE: dict[str, tuple[str, ...]] = {
    "停止231": ("stop 231",),
    "停止２３１": ("stop 231",),
    "停止：231": ("stop 231",),
    "停止#231。": ("stop 231",),
    "停止【231】！": ("stop 231",),
    "停止“231”": ("stop 231",),
    "停止*231*": ("stop 231",),
    "停止flowers-tb": ("stop flowers-tb",),
    "停止作业231": ("stop 231",),
    "停止231号作业吧": ("stop 231",),
    "请帮我停止231": ("stop 231",),
    "你好，停止231，谢谢": ("stop 231",),
    "把231停止": ("stop 231",),
    "231停止": ("stop 231",),
    "停止231和240": ("stop 231", "stop 240"),
    "停止全部": ("list running",),
    "停止": ("stop",),
    "终止231": ("stop 231",),
    "停止https://console.huaweicloud.com/tensorboard/p/205/": (
        "stop https://console.huaweicloud.com/tensorboard/p/205/",
    ),
    "重启231": ("restart 231",),
    "重新启动flowers-tb": ("restart flowers-tb",),
    "订阅231": ("subscribe 231",),
    "订阅231到18点": ("subscribe 231 until 18:00",),
    "订阅231在#C0EXP00001": ("subscribe 231 in #C0EXP00001",),
    "订阅flowers*": ("subscribe flowers*",),
    "订阅项目": ("subscribe project",),
    "取消订阅231": ("unsubscribe 231",),
    "退订231": ("unsubscribe 231",),
    "取消订阅全部": ("unsubscribe all",),
    "我的订阅": ("subscriptions mine",),
    "历史231": ("history 231",),
    "231的历史": ("history 231",),
    "历史231最近7天": ("history 231 7d",),
    "费用231": ("cost 231",),
    "本月费用": ("cost month",),
    "为什么231失败了": ("why 231",),
    "详情231": ("details 231",),
    "认领231": ("claim 231",),
    "取消认领231": ("disclaim 231",),
    "保留205到18:00": ("keep 205 until 18:00",),
    "保留205四小时": ("keep 205 4h",),
    "保留205，30分钟": ("keep 205 30m",),
    "保留205": ("keep 205 4h", "keep 205 until 18:00"),
    "静音205，2天": ("snooze 205 2d",),
    "静默205，2天": ("snooze 205 2d",),
    "静默这里4h": ("snooze here 4h",),
    "静音22:00-08:00": ("quiet here 22:00-08:00", "quiet me 22:00-08:00"),
    "静音这里22:00到8:00": ("quiet here 22:00-8:00",),
    "静音4小时": ("snooze here 4h", "snooze me 4h"),
    "每日摘要9点": ("digest here 9:00", "digest me 9:00"),
    "复制231到#C0EXP00001": ("copy 231 to #C0EXP00001",),
    "设置语言中文": ("settings language zh-CN",),
    "列出flowers": ("list flowers",),
    "状态231": ("231",),
    "让231继续运行4小时": ("keep 231 4h",),
    "静音231到大后天": ("snooze 231 4h", "snooze 231 until 18:00"),
    "为什么没有通知我231": ("why 231",),
    "暂时静音231 2小时": ("snooze 231 2h",),
    "让231安静4小时": ("snooze 231 4h",),
    "静默205四小时": ("snooze 205 4h",),
    "屏蔽 flowers-tb 到18点": ("snooze flowers-tb until 18:00",),
    "静音205到下周三": ("snooze 205 until wednesday next week",),
    "保留205到后天早上": ("keep 205 until day after tomorrow morning",),
    "231完成时通知我": ("subscribe 231 for failed,stopped,finished in dm",),
    "231失败了就告诉我": ("subscribe 231 for failed in dm",),
    "停止时提醒我231": ("subscribe 231 for failed,stopped,finished in dm",),
    "提醒我231两小时后": ("subscribe 231 for stuck,cost in dm",),
    "通知我 flowers-tb": ("subscribe flowers-tb in dm",),
}

#: What is told, asked or denied: it shows the job that it names.
TOLD = (
    *("231停止了吗", "231停了", "不要停止231", "别停止231", "停止了231", "231的状态", "231怎么样"),
    *("告诉我231的状态", "告诉我231失败了吗", "没完成时别通知我231"),
)

#: A verb in English, and what is suggested where no job has this name.
ENGLISH = {
    "stop:231": ("stop 231",),
    "stop#231": ("stop 231",),
    "keep205 4h": ("keep 205 4h",),
    "keep205 until 18:00": ("keep 205 until 18:00",),
    "subscribe231 for failed": ("subscribe 231 for failed",),
    "unsubscribe231 in dm": ("unsubscribe 231 in dm",),
    "hsitory231 7d": ("history 231 7d",),
    "231 stop": ("stop 231",),
    "231 history 24h": ("history 231 24h",),
    "flowers-tb restart": ("restart flowers-tb",),
    "status flowers-tb": ("flowers-tb", "status"),
}


def suggested(sentence: str) -> tuple[str, ...]:
    with pytest.raises(BadCommand) as caught:
        parse(sentence)
    return caught.value.suggestions


def names_job(word: str) -> bool:
    return word in ("205", "231", "flowers-tb", "stop205")


def heard(text: str) -> Command | None:
    return parse_mention(f"@visjob {text}", names_job=names_job)


@pytest.mark.parametrize("sentence", CHINESE)
def test_a_verb_in_chinese_is_understood_with_whatever_is_glued_to_it(sentence: str) -> None:
    assert suggested(sentence) == CHINESE[sentence]


@pytest.mark.parametrize("sentence", CHINESE)
def test_said_to_us_it_is_understood_as_well(sentence: str) -> None:
    with pytest.raises(BadCommand) as caught:
        heard(sentence)

    assert caught.value.suggestions == CHINESE[sentence]


@pytest.mark.parametrize("sentence", TOLD)
def test_what_is_told_or_denied_is_no_order(sentence: str) -> None:
    assert parse(sentence) == Show(JobNumber("231"))
    assert heard(sentence) == Show(JobNumber("231"))


@pytest.mark.parametrize("sentence", ENGLISH)
def test_a_verb_in_english_is_met_with_the_sentence_that_it_may_be(sentence: str) -> None:
    assert suggested(sentence)[:2] == ENGLISH[sentence]


@pytest.mark.parametrize("verb", ["subscribe", "history", "keep", "show"])
def test_a_verb_that_acts_is_not_dropped_behind_another_one(verb: str) -> None:
    with pytest.raises(BadCommand, match="停止231"):
        parse(f"{verb} 停止231")


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("stop231", ("stop 231",)),
        ("please stop231", ("stop 231",)),
        ("restart-231", ("restart 231",)),
        ("231 stop", ("stop 231",)),
        ("flowers-tb stop", ("stop flowers-tb",)),
    ],
)
def test_said_to_us_a_glued_verb_is_not_dropped(text: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(BadCommand) as caught:
        heard(text)

    assert caught.value.suggestions == suggestions


def test_a_job_that_is_called_so_comes_before_a_verb() -> None:
    shown = heard("stop205")

    assert isinstance(shown, Show)
    assert shown.job.text == "stop205"
