"""The cards of jobs through the running bot: what they offer in which place."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SourceUnavailable
from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import OURS, PROJECT, a_job
from tests.slack.oracles import hold_view, menu, texts
from tests.world import World, open_world, said, settle

Json = dict[str, Any]

LONG_URL = "https://console.huaweicloud.com/".ljust(4000, "x")


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource(
        [
            a_job(205),
            a_job(231, name="resnet-sweep", service_url=LONG_URL),
            a_job(240, name="\u3164\ufe0f"),
            a_job(193, 11, name="vit-satellite"),
        ]
    )


@pytest.fixture
async def world(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    async with open_world(tmp_path, jobs=source) as made:
        source.clock = made.clock
        yield await settle(made)


def labels(message: Json) -> list[str]:
    """Return the labels of a message's buttons."""
    return [e["text"]["text"] for e in texts(message["blocks"]) if e["type"] == "button"]


def cards(world: World) -> list[Json]:
    """Return the cards that #experiments follows."""
    shown = world.workspace.messages(EXPERIMENTS)
    return [m for m in shown if m.get("metadata", {}).get("event_type") == "visjob_card"]


async def subscribed(world: World, sentence: str = "/visjob subscribe 205") -> Json:
    """Subscribe in #experiments by a sentence, and return the card."""
    await world.type(sentence)
    [card] = await world.workspace.until(lambda: cards(world))
    return card


async def test_details_open_in_a_dialog_with_every_field_whole(world: World) -> None:
    card = await world.type("/visjob 205")
    await world.workspace.click(card, "Details")
    modal = await world.modal_with("resource_id")

    for value in ("205", "flowers-tb", "8 (JOBSTAT_RUNNING)", "1774353785000", "8040000",
                  "ModelArts API Dialtest", "/wph-test/Flowers-Set/ApiTest/",
                  f"https://console.huaweicloud.com/tensorboard/{PROJECT}/205/",
                  "e17dd874-b5e0-4e9b-aaf0-22b045ad8571"):  # fmt: skip
        assert value in said(modal)
    assert len(world.whispers()) == 1
    hold_view({key: modal[key] for key in ("type", "title", "close", "blocks")})


async def test_details_typed_open_the_same_dialog(world: World) -> None:
    await world.workspace.type(EXPERIMENTS, "/visjob details flowers")

    await world.modal_with("e17dd874-b5e0-4e9b-aaf0-22b045ad8571")
    assert world.whispers() == []


async def test_without_a_trigger_details_are_a_private_answer(world: World) -> None:
    await world.workspace.type(EXPERIMENTS, "@visjob details 205")
    [answer] = await world.workspace.until(world.whispers)

    assert "resource_id" in said(answer)


async def test_a_trigger_that_is_too_old_gets_a_private_answer(world: World) -> None:
    world.workspace.faults.add("error", method="views.open", error="expired_trigger_id")

    assert "resource_id" in said(await world.type("/visjob details 205"))


async def test_a_link_too_long_for_slack_is_not_offered_and_details_say_why(world: World) -> None:
    card = await world.type("/visjob 231")
    await world.workspace.click(card, "Details")

    assert "Open TensorBoard" not in labels(card)
    assert "resnet-sweep has been running" in card["text"]
    await world.modal_with("longer than the 3000 characters that Slack takes")


async def test_a_name_that_shows_nothing_is_the_id(world: World) -> None:
    assert (await world.type("/visjob 240"))["text"].startswith("Job 240 has been running")
    assert "Job 240" in said(await world.type("/visjob list"))


async def test_a_card_shared_where_the_channel_follows_offers_neither_to_follow_nor_to_share(
    world: World,
) -> None:
    await world.type("/visjob 205 share")
    before = world.workspace.messages(EXPERIMENTS)[-1]
    await subscribed(world)
    await world.type("/visjob 205 share")
    after = world.workspace.messages(EXPERIMENTS)[-1]

    assert labels(before) == ["Open TensorBoard", "Refresh", "Subscribe"]
    assert labels(after) == ["Open TensorBoard", "Refresh"]
    assert "Share here" not in {**menu(before), **menu(after)}


async def test_a_public_card_that_is_refreshed_still_knows_that_everybody_sees_it(
    world: World,
) -> None:
    await world.type("/visjob 205 share")
    await world.click(world.workspace.messages(EXPERIMENTS)[-1], "Refresh")

    [shared] = [m for m in world.workspace.messages(EXPERIMENTS) if m["user"] != ME]
    assert "Share here" not in menu(shared)


async def test_a_followed_card_is_signed(world: World) -> None:
    card = await subscribed(world)

    assert f"followed by <@{ME}>" in said(card)
    assert labels(card) == ["Open TensorBoard", "Refresh", "Unsubscribe"]


async def test_in_an_outage_the_warning_stands_first(world: World, source: FakeSource) -> None:
    card = await subscribed(world)
    source.error = SourceUnavailable("ModelArts did not answer within 10 s.")
    asked = await world.type("/visjob 205")

    for shown in (asked,):
        first = shown["blocks"][0]["elements"][0]["elements"]
        line = "".join(e.get("text", e.get("fallback", "")) for e in first).partition("\n")[0]
        assert line.startswith("⚠️ flowers-tb")
        assert "Not confirmed since" in line
        assert line.endswith("last seen running")
        assert "2 h 14 min" not in said(shown)
    assert "followed by" in said(card)


async def test_home_turns_its_pages_and_keeps_the_page(world: World, source: FakeSource) -> None:
    source.jobs = [a_job(number, name=f"job-{number}") for number in range(1, 28)]
    await world.bot.catalog.sweep(OURS)
    first = await world.home()
    await world.workspace.click(first, "More")
    second = await world.workspace.until(
        lambda: "Page 2 of 2" in said(world.workspace.home() or {}) and world.workspace.home()
    )
    assert second
    await world.workspace.click(second, "Status")
    await world.modal_with("database")

    assert "Page 1 of 2" in said(first)
    assert ["More" in labels(view) for view in (first, second)] == [True, False]
    assert "Page 2 of 2" in said(world.workspace.home() or {})


async def test_home_warns_first_in_an_outage_and_shows_no_running_clock(
    world: World, source: FakeSource
) -> None:
    source.error = SourceUnavailable("ModelArts did not answer within 10 s.")
    await world.type("/visjob 205")
    home = await world.home()

    first = said(home["blocks"][0])
    assert "Not confirmed since" in first
    assert "last seen running" in said(home)
    assert "  ·  2 h 14 min" not in said(home).partition('"Failed"')[0]
