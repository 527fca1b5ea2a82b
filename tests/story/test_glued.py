"""A verb and a job without a blank between them, in the running bot: the bot asks what is meant."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.workspace.cast import ME
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_acting import elements
from tests.world import World, open_world, said, settle


@pytest.fixture
async def named(tmp_path: Path) -> AsyncIterator[World]:
    """A world with jobs whose names look like a verb and a number."""
    jobs = [
        a_job(205),
        a_job(231, name="resnet"),
        a_job(240, name="stop205"),
        a_job(241, name="job7"),
    ]
    async with open_world(tmp_path, jobs=FakeSource([*jobs, a_job(7, name="seven")])) as made:
        yield await settle(made)


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("停止231", "stop 231"),
        ("停止２３１！", "stop 231"),
        ("取消订阅全部", "unsubscribe all"),
        ("保留205到18:00", "keep 205 until 18:00"),
        ("stop231", "stop 231"),
        ("restart-231", "restart 231"),
        ("231stop", "stop 231"),
        ("stopresnet", "stop resnet"),
        ("keep205", "keep 205 4h"),
        ("231 stop", "stop 231"),
    ],
)
async def test_it_is_met_with_a_button_for_what_was_meant(
    named: World, typed: str, button: str
) -> None:
    for sentence in (f"/visjob {typed}", f"@visjob {typed}"):
        answer = await named.type(sentence)

        assert "Did you mean" in answer["text"]
        assert f'"value": "{button}"' in said(answer)


@pytest.mark.parametrize(
    ("typed", "label", "value"),
    [
        ("停止231", "停止 231", "stop 231"),
        ("重启231", "重启 231", "restart 231"),
        ("取消订阅全部", "取消订阅全部", "unsubscribe all"),
        ("保留205到18:00", "让 205 继续运行到 18:00", "keep 205 until 18:00"),
        ("stop231", "停止 231", "stop 231"),
        ("stopresnet", "停止 resnet", "stop resnet"),
        ("lisst running", "列出运行中的作业", "list running"),
        ("免打扰22:00到8:00", "免打扰此处 22:00-08:00", "quiet here 22:00-08:00"),
        ("snooze 4h", "静默此处 4 小时", "snooze here 4h"),
    ],
)
async def test_in_chinese_the_buttons_are_in_chinese(
    named: World, typed: str, label: str, value: str
) -> None:
    named.workspace.state.people[ME].locale = "zh-CN"
    named.clock.advance(hours=25)  # the bot keeps facts about a person for a day

    answer = await named.type(f"/visjob {typed}")

    buttons = {one["value"]: one["text"]["text"] for one in elements(answer) if "value" in one}
    assert buttons[value].replace("\u00a0", " ").replace("\u2060", "") == label
    ours = [words for words in buttons.values() if not words.isascii()]
    assert len(ours) == len(buttons), "each label is in Chinese"


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("stop205", "stop205 has been running"),
        ("job7", "job7 has been running"),
        ("job231", "resnet has been running"),
        ("stop job231", "Stop resnet (231)?"),
        ("JOB_231", "resnet has been running"),
    ],
)
async def test_a_name_comes_first_and_a_label_is_left_out(
    named: World, typed: str, begins: str
) -> None:
    assert (await named.type(f"/visjob {typed}"))["text"].startswith(begins)


async def test_who_asks_for_the_status_of_a_job_is_led_to_its_card(named: World) -> None:
    answer = await named.type("/visjob status 231")

    assert answer["text"].startswith("resnet has been running")
