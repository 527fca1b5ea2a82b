"""A sentence without a job means the job of its thread's message; without one, the bot asks."""

from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, GENERAL
from tests.fakes import FakeSource
from tests.make import TEAM, a_job
from tests.waiting import until
from tests.world import Json, World, open_world, said, settle

NO_HISTORY = frozenset({"commands", "chat:write", "im:write", "app_mentions:read", "channels:read"})


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    source = FakeSource([a_job(205), a_job(240, name="bert-finetune")])
    async with open_world(tmp_path, jobs=source) as made:
        source.clock = made.clock
        yield await settle(made)


async def followed_card(world: World) -> Json:
    """Follow job 205 in #experiments, and return its card."""
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    [card] = await world.workspace.until(lambda: world.workspace.messages(EXPERIMENTS))
    await until(lambda: is_recorded(world))
    return deepcopy(card)


async def is_recorded(world: World) -> bool:
    """Return True once the bot has recorded all messages as sent."""
    checks = await world.bot.health(world.bot.catalog.project(TEAM))
    return "no message is waiting" in str(checks[1].found)


async def shared_card(world: World) -> Json:
    """Share the card of job 240 in #experiments, which does not follow the job; return the card."""
    before = len(world.workspace.messages(EXPERIMENTS))
    await world.workspace.type(EXPERIMENTS, "/visjob bert-finetune share")
    shown = await world.workspace.until(lambda: world.workspace.messages(EXPERIMENTS)[before:])
    return deepcopy(shown[-1])  # the first message is the typed one


async def said_under(
    world: World, card: Json | None, text: str, *, channel: str = EXPERIMENTS
) -> str:
    """Mention the bot in the thread of a card, or outside of threads, and return the answer."""
    seen = world.workspace.ephemerals(channel)
    before = len(seen)
    await world.workspace.mention(channel, text, thread_ts=card["ts"] if card else None)
    await world.workspace.until(lambda: len(world.workspace.ephemerals(channel)) > before)
    return str(world.workspace.ephemerals(channel)[-1]["text"])


def asked_history(world: World) -> int:
    return len([one for one in world.workspace.journal if one.method == "conversations.replies"])


@pytest.mark.parametrize(
    ("text", "job"),
    [
        ("why", "flowers-tb"),
        ("why?", "flowers-tb"),
        ("please tell us why", "flowers-tb"),
        ("show", "flowers-tb has been running"),
        ("refresh please", "flowers-tb has been running"),
        ("how is it going?", "flowers-tb has been running"),
        ("what happened?", "flowers-tb has been running"),
        ("eta?", "flowers-tb has been running"),
        ("who is the owner?", "flowers-tb has been running"),
        ("how much does it cost?", "flowers-tb (205) ran at least"),
        ("why is it so slow?", "flowers-tb (205) "),
        ("keep it till 6pm", "flowers-tb (205) is kept until"),
        ("snooze it for 2 hours", "flowers-tb (205) is snoozed here"),
        ("watch for failed", "flowers-tb"),
        ("subscribe this job", "flowers-tb"),
        ("subscribe", "flowers-tb"),
        ("unsubscribe", "flowers-tb"),
        ("copy to dm", "flowers-tb"),
        ("cost", "flowers-tb (205) ran at least"),
        ("cost today", "flowers-tb (205) ran at least"),
        ("cost project", "1 followed job ran at least"),
        ("why bert-finetune", "bert-finetune"),
        ("240", "bert-finetune has been running"),
    ],
)
async def test_under_a_followed_card_a_sentence_is_about_its_job(
    small: World, text: str, job: str
) -> None:
    card = await followed_card(small)

    assert job in await said_under(small, card, text)
    assert asked_history(small) == 0


async def test_share_under_a_card_shows_its_job_to_everybody(small: World) -> None:
    card = await followed_card(small)
    before = len(small.workspace.messages(EXPERIMENTS))

    await small.workspace.mention(EXPERIMENTS, "share", thread_ts=card["ts"])
    said, shown = await small.workspace.until(
        lambda: (new := small.workspace.messages(EXPERIMENTS)[before:])[1:] and new[:2]
    )

    assert "share" in said["text"]
    assert shown["text"].startswith("flowers-tb has been running")
    assert shown["thread_ts"] == card["ts"]


async def test_share_outside_of_threads_asks_which_job(small: World) -> None:
    assert "Which one?" in await said_under(small, None, "share")


async def test_under_another_message_of_ours_it_is_about_the_job_of_that(small: World) -> None:
    card = await shared_card(small)

    assert (await said_under(small, card, "why")).startswith("bert-finetune (240) ")
    assert (await said_under(small, card, "refresh")).startswith("bert-finetune has been running")


async def test_a_card_that_is_followed_no_more_is_still_about_its_job(small: World) -> None:
    card = await followed_card(small)
    await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe 205")

    assert (await said_under(small, card, "why")).startswith("flowers-tb (205) ")


async def test_where_the_history_may_not_be_read_the_sentence_asks_which_job(small: World) -> None:
    card, shared = await followed_card(small), await shared_card(small)
    small.workspace.state.installation.scopes = NO_HISTORY

    assert (await said_under(small, card, "why")).startswith("flowers-tb (205) ")
    assert (await said_under(small, shared, "why")).startswith("`why` needs a job. Which one?")


@pytest.mark.parametrize("text", ["why", "unsubscribe", "show", "copy to dm", "watch for failed"])
async def test_elsewhere_it_asks_which_job_and_offers_those_that_are_known(
    small: World, text: str
) -> None:
    await followed_card(small)
    answer = await said_under(small, None, text)
    (asked,) = [one for one in small.whispers() if one["text"] == answer]

    assert answer.startswith(f"`{text.split()[0].replace('watch', 'subscribe')}` needs a job.")
    options = asked["blocks"][-1]["elements"][0]["options"]
    assert [one["text"]["text"].split()[1] for one in options] == ["flowers-tb", "bert-finetune"]
    assert options[1]["value"].split()[-1 if text == "why" else 0] in (
        "id:240", "unsubscribe", "subscribe", "copy",
    )  # fmt: skip


async def test_under_what_others_wrote_it_asks_which_job(small: World) -> None:
    await followed_card(small)
    forged = small.workspace.state.post(
        GENERAL,
        {
            "text": "a card?",
            "bot_id": "B0OTHER001",
            "metadata": {
                "event_type": "visjob_card",
                "event_payload": {"card_id": "1", "project_id": "p", "job_id": 205},
            },
        },
        user="U0BEN00001",
    )

    answer = await said_under(small, forged, "why", channel=GENERAL)

    assert answer.startswith("`why` needs a job.")


async def test_a_card_of_another_channel_says_nothing_here(small: World) -> None:
    card = await followed_card(small)
    small.workspace.state.post(GENERAL, {"text": "lunch?"}, user="U0BEN00001")
    (lunch,) = small.workspace.messages(GENERAL)
    assert lunch["ts"] != card["ts"]

    assert (await said_under(small, lunch, "unsubscribe", channel=GENERAL)).startswith(
        "`unsubscribe` needs a job."
    )


async def test_thanks_under_a_card_are_not_answered(small: World) -> None:
    card = await followed_card(small)
    await small.workspace.mention(EXPERIMENTS, "thanks!", thread_ts=card["ts"])

    assert (await said_under(small, card, "show")).startswith("flowers-tb has been running")
    assert len(small.whispers()) == 2  # the other one confirms the subscription


@pytest.mark.parametrize(
    ("text", "button"),
    [
        (
            "tell me when it's done",
            "subscribe id:205 for failed,stopped,finished in dm",
        ),
        ("ping us if it fails", "subscribe id:205 for failed"),
        ("subscribe me", "subscribe id:205 in dm"),
        ("kill it", "stop id:205"),
        ("stop telling us", "unsubscribe id:205"),
        ("mute", "snooze id:205 4h"),
        ("keep it", "keep id:205 4h"),
        ("停止", "stop id:205"),
        ("静音2小时", "snooze id:205 2h"),
    ],
)
async def test_under_a_followed_card_a_suggestion_is_about_its_job(
    small: World, text: str, button: str
) -> None:
    card = await followed_card(small)

    await said_under(small, card, text)

    assert f'"value": "{button}"' in said(small.workspace.ephemerals(EXPERIMENTS)[-1])
