"""A card in a channel: after clicks, while the cloud is down, and while its post is unconfirmed."""

import json
from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SourceUnavailable
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import TEAM, a_job
from tests.slack.oracles import texts
from tests.waiting import until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource([a_job(205, 7)])


@pytest.fixture
async def small(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    """A world whose jobs change at once when a test says so; jobs are polled once an hour."""
    async with open_world(tmp_path, jobs=source) as made:
        source.clock = made.clock
        yield await settle(made)


def told(world: World, kind: str) -> list[Json]:
    """Return the messages in #experiments with metadata of this kind."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [one for one in shown if one.get("metadata", {}).get("event_type") == kind]


async def followed_card(world: World) -> Json:
    """Subscribe, wait until the card is recorded, and return a copy of it."""
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    [card] = await world.workspace.until(lambda: told(world, "visjob_card"))
    await until(lambda: says(world, "no message is waiting"))
    return deepcopy(card)


async def says(world: World, words: str) -> bool:
    """Return True if the check of the outbox contains these words."""
    return words in str((await world.bot.health(world.bot.catalog.project(TEAM)))[1].found)


@pytest.mark.slow
async def test_refresh_edits_the_card_in_place_and_tells_what_it_shows(
    small: World, source: FakeSource
) -> None:
    card = await followed_card(small)
    source.jobs = [a_job(205, 8)]
    small.clock.advance(seconds=6)

    await small.workspace.click(card, "Refresh")
    await small.workspace.until(lambda: "has been running" in told(small, "visjob_card")[0]["text"])
    [change] = await small.workspace.until(lambda: told(small, "visjob_status_changed"))

    [edited] = told(small, "visjob_card")
    assert (edited["ts"], edited["metadata"]) == (card["ts"], card["metadata"])
    assert "Unsubscribe" in said(edited["blocks"])
    assert (change["thread_ts"], change["metadata"]["event_payload"]["to_status"]) == (
        card["ts"],
        8,
    )
    assert small.workspace.replies.journal == []


@pytest.mark.slow
async def test_unsubscribing_leaves_a_trace_and_its_undo_takes_it_back(small: World) -> None:
    card = await followed_card(small)

    answer = await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe 205")
    await small.workspace.until(
        lambda: "No longer followed" in told(small, "visjob_card")[0]["text"]
    )

    [closed] = told(small, "visjob_card")
    assert (closed["ts"], closed["metadata"]) == (card["ts"], card["metadata"])
    assert "No longer followed here, by" in said(closed["blocks"])
    assert {"type": "user", "user_id": ME} in list(texts(closed["blocks"]))
    await small.workspace.click(answer[-1], "Undo")
    await small.workspace.until(
        lambda: "No longer followed" not in told(small, "visjob_card")[0]["text"]
    )
    assert "Unsubscribe" in said(told(small, "visjob_card")[0]["blocks"])


@pytest.mark.slow
async def test_everything_of_a_channel_ends_after_a_question(
    small: World,
) -> None:
    for sentence in ("subscribe 205", "subscribe zzz*"):
        await small.workspace.type(EXPERIMENTS, f"/visjob {sentence}")

    question = await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe all")
    assert "2 subscriptions" in json.dumps(
        await small.workspace.type(EXPERIMENTS, "/visjob subscriptions")
    )
    await small.workspace.click(question[-1], "Unsubscribe")

    def answers() -> str:
        return json.dumps(small.workspace.ephemerals(EXPERIMENTS))

    await small.workspace.until(lambda: "no longer follows anything" in answers())
    assert "subscribe id:205" in answers()


@pytest.mark.slow
async def test_subscribing_again_on_a_closed_card_follows_with_the_same_card(small: World) -> None:
    await followed_card(small)
    await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe all")
    await small.workspace.until(
        lambda: "No longer followed" in told(small, "visjob_card")[0]["text"]
    )

    await small.click(told(small, "visjob_card")[0], "Subscribe again")
    await small.workspace.until(
        lambda: "No longer followed" not in told(small, "visjob_card")[0]["text"]
    )

    assert len(told(small, "visjob_card")) == 1


@pytest.mark.parametrize(
    "terms", ["for failures", "for running,failed as card", "for all until 4h as channel"]
)
@pytest.mark.slow
async def test_subscribing_again_restores_the_terms_and_so_does_undo(
    small: World, terms: str
) -> None:
    await small.workspace.type(EXPERIMENTS, f"/visjob subscribe 205 {terms}")
    await small.workspace.until(lambda: told(small, "visjob_card"))
    before = said((await small.type("/visjob subscriptions export"))["blocks"])

    await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe 205")
    await small.workspace.until(
        lambda: "No longer followed" in told(small, "visjob_card")[0]["text"]
    )
    small.clock.advance(minutes=4)
    await small.click(told(small, "visjob_card")[0], "Subscribe again")
    assert said((await small.type("/visjob subscriptions export"))["blocks"]) == before

    answer = await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe 205")
    await small.click(answer[-1], "Undo")
    assert said((await small.type("/visjob subscriptions export"))["blocks"]) == before


async def test_where_no_card_stands_unsubscribing_posts_nothing(small: World) -> None:
    await small.workspace.type(EXPERIMENTS, "/visjob subscribe project")
    await small.workspace.type(EXPERIMENTS, "/visjob unsubscribe project")
    await until(lambda: says(small, "no message is waiting"))

    assert told(small, "visjob_card") == []


async def test_refresh_without_news_shows_the_new_time(small: World) -> None:
    card = await followed_card(small)
    small.clock.advance(minutes=5)

    await small.workspace.click(card, "Refresh")
    await small.workspace.until(lambda: told(small, "visjob_card")[0]["text"] != card["text"])

    assert small.clock().strftime(" %H:%M UTC>") in told(small, "visjob_card")[0]["text"]
    assert told(small, "visjob_status_changed") == []


async def test_while_the_cloud_is_down_the_card_stays_and_who_clicked_is_told(
    small: World, source: FakeSource
) -> None:
    card = await followed_card(small)
    source.error = SourceUnavailable("ModelArts did not answer within 10 s.")

    await small.click(card, "Refresh")

    assert told(small, "visjob_card")[0]["text"] == card["text"]
    assert "did not answer" in said(small.whispers()[-1])


async def test_a_job_that_is_gone_leaves_its_card_to_the_watcher(
    small: World, source: FakeSource
) -> None:
    card = await followed_card(small)
    source.jobs = []

    await small.click(card, "Refresh")

    assert told(small, "visjob_card")[0]["text"] == card["text"]
    assert "knows no job" in said(small.whispers()[-1])


async def test_a_shared_card_is_replaced_as_before(small: World, source: FakeSource) -> None:
    await small.workspace.type(EXPERIMENTS, "/visjob 205 share")
    card = small.workspace.messages(EXPERIMENTS)[-1]
    source.jobs = [a_job(205, 8)]

    await small.click(card, "Refresh")

    assert "has been running" in small.workspace.messages(EXPERIMENTS)[-1]["text"]


@pytest.mark.slow
async def test_a_dead_letter_is_listed_and_sent_again_by_a_click(
    small: World, source: FakeSource
) -> None:
    card = await followed_card(small)
    small.workspace.faults.add("error", error="msg_too_long", method="chat.postMessage")
    source.jobs = [a_job(205, 8)]
    small.clock.advance(seconds=6)
    await small.workspace.click(card, "Refresh")
    await small.workspace.until(lambda: "has been running" in told(small, "visjob_card")[0]["text"])
    await until(lambda: says(small, "1 undelivered message"))

    status = await small.type("/visjob status")
    await small.click(status, "Undelivered messages")
    letters = small.whispers()[-1]
    assert "flowers-tb, Queued → Running" in said(letters)
    await small.click(letters, "Try again")

    [change] = await small.workspace.until(lambda: told(small, "visjob_status_changed"))
    assert change["metadata"]["event_payload"]["to_status"] == 8
    assert "No undelivered messages" in said(await small.type("/visjob status letters"))


@pytest.mark.slow
async def test_where_slack_refuses_blocks_the_news_come_as_text(
    small: World, source: FakeSource
) -> None:
    card = await followed_card(small)
    small.workspace.state.unknown_blocks = {"rich_text", "context", "actions", "section"}
    source.jobs = [a_job(205, 8)]
    small.clock.advance(seconds=6)
    await small.workspace.click(card, "Refresh")

    [change] = await small.workspace.until(lambda: told(small, "visjob_status_changed"))

    assert (change["metadata"]["event_payload"]["to_status"], change.get("blocks")) == (8, None)
    assert not await says(small, "undelivered message")


@pytest.mark.slow
async def test_who_subscribed_is_told_once_by_direct_message_why_a_channel_is_silent(
    small: World, source: FakeSource
) -> None:
    card = await followed_card(small)
    small.workspace.faults.add("error", error="is_archived", method="chat.postMessage")
    source.jobs = [a_job(205, 8)]
    small.clock.advance(seconds=6)

    await small.workspace.click(card, "Refresh")
    [note] = await small.workspace.until(lambda: small.workspace.messages(APP_DM), 10)

    assert "Unarchive the channel" in note["text"]
    assert note["metadata"]["event_type"] == "visjob_pause"
    assert told(small, "visjob_status_changed") == []
