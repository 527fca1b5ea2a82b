"""`wake` and `snooze` without a target: which place they mean, and which holds remain."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS
from tests.fakes import FakeSource
from tests.make import a_job
from tests.story.test_pressed import labels
from tests.world import World, open_world, said, settle


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, jobs=FakeSource([a_job(205)])) as made:
        yield await settle(made)


async def test_wake_alone_names_both_places_and_the_press_says_which_was_woken(
    small: World,
) -> None:
    await small.type("/visjob snooze here 4h")
    await small.type("/visjob snooze me 2h")

    asked = await small.type("/visjob wake")

    assert asked["text"].startswith("`wake` needs a job, `here` or `me`. Which one?")
    assert "Your direct messages are held: snoozed until" in asked["text"]
    assert f'"channel_id": "{EXPERIMENTS}"' in said(asked)
    assert {"wake here", "wake me"} <= set(labels(asked))

    await small.click(asked, "wake me")

    woken = small.whispers()[-1]
    assert woken["text"].startswith("Your direct messages are no longer snoozed.")
    assert " are held: snoozed until " in woken["text"]
    assert f'"channel_id": "{EXPERIMENTS}"' in said(woken)
    assert "Wake all here" in labels(woken)


async def test_whoever_wakes_a_channel_hears_of_each_job_that_was_snoozed_in_it(
    small: World,
) -> None:
    await small.type("/visjob subscribe 205")
    for typed in ("snooze 205 4h", "wake here", "snooze 205 4h", "snooze here 4h"):
        alone = await small.type(f"/visjob {typed}")
        if typed == "wake here":
            assert alone["text"].startswith("1 job is no longer snoozed in ")
            assert alone["text"].endswith(" What I held comes now.")
    both = await small.type("/visjob wake here")

    assert "is no longer snoozed. The snooze of 1 job has ended, too." in both["text"]
    assert both["text"].count("What I held comes now.") == 1
    assert "isn't snoozed" in (await small.type("/visjob wake 205"))["text"]


async def test_snooze_alone_offers_both_places(small: World) -> None:
    asked = await small.type("/visjob snooze")

    assert "a job, `here` or `me`" in asked["text"]
    assert {"snooze here 4h", "snooze me 4h"} <= set(labels(asked))
