"""The Home tab: its parts, its rows that change in place, and when the bot draws it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SourceUnavailable
from bot.core.text import NO_BREAK
from bot.demo.workspace.cast import APP_DM, EXPERIMENTS, ME
from tests.fakes import FakeSource
from tests.make import OURS, a_job
from tests.slack.oracles import hold_view, texts
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
SUBSCRIBE = "Subscribe by DM"


@pytest.fixture
async def source() -> FakeSource:
    return FakeSource(
        [a_job(205), a_job(231, name="resnet-sweep"), a_job(193, 11, name="vit-satellite")]
    )


@pytest.fixture
async def world(tmp_path: Path, source: FakeSource) -> AsyncIterator[World]:
    async with open_world(tmp_path, jobs=source, VISJOB_HOURLY_PRICE="2.5") as made:
        source.clock = made.clock
        yield await settle(made)


def drawings(world: World) -> list[Json]:
    """Return what was published to the Home tab, also if Slack refused it."""
    return [entry.arguments for entry in world.workspace.journal if entry.method == "views.publish"]


async def home_with(world: World, words: str) -> Json:
    """Return the Home tab, once it contains `words`."""

    def shown() -> Json:
        home = world.workspace.home() or {}
        return home if words in said(home) else {}

    return await world.workspace.until(shown)


async def drawn_again(world: World, before: int) -> None:
    await world.workspace.until(lambda: len(drawings(world)) > before)


async def test_its_parts_stand_in_their_order(world: World) -> None:
    await world.type("/visjob claim 193")
    await world.workspace.type(EXPERIMENTS, "/visjob subscribe flow* in dm")
    home = await world.home()
    shown = said(home)

    parts = ["Running now", "What you follow", "Your jobs", "Failed", "Snoozed and quiet", "well?"]
    assert "Needs you" not in shown, "it failed long ago"
    assert [shown.index(part) for part in parts] == sorted(shown.index(part) for part in parts)
    assert "2 h 14 min" in shown
    assert "about 5.58" in shown
    hold_view({key: home[key] for key in ("type", "blocks")})
    for block in home["blocks"]:
        kinds = [element["type"] for element in block.get("elements", ())]
        assert kinds.count("button") <= 3
        assert kinds.count("overflow") <= 1


async def test_the_rules_of_my_direct_messages_stand_there(world: World) -> None:
    assert "My direct messages reach you at once" in said(await world.home())
    await world.type("/visjob settings me quiet 22:00-08:00")
    await world.workspace.open_home()
    home = await home_with(world, "Quiet 22:00-08:00")

    await world.workspace.click(home, "Settings…")
    form = await world.modal_with("Start of the quiet hours")

    assert form["state"]["values"]["quiet_from"]["value"]["value"] == "22:00"


async def test_a_snooze_stands_there_and_is_woken_in_place(world: World) -> None:
    await world.type("/visjob snooze me 4h")
    await world.workspace.open_home()
    home = await home_with(world, "Everything is snoozed until")
    hold_view({key: home[key] for key in ("type", "blocks")}, mentions=frozenset({ME}))

    await world.workspace.click(home, "Wake all")

    await home_with(world, "My direct messages reach you at once")
    assert world.workspace.modal() is None


async def test_what_is_snoozed_in_a_channel_stands_there_for_who_follows_it(world: World) -> None:
    await world.type("/visjob subscribe 205")
    await world.type("/visjob snooze 205 4h")
    await world.workspace.open_home()

    home = await home_with(world, " are held: ")

    assert "Messages about flowers-tb (205) in " in said(home)
    assert EXPERIMENTS in said(home)
    hold_view({key: home[key] for key in ("type", "blocks")}, mentions=frozenset({ME, EXPERIMENTS}))

    await world.workspace.click(home, f"Wake flowers-tb{NO_BREAK}(205)")

    await home_with(world, "My direct messages reach you at once")
    assert world.workspace.modal() is None


async def test_a_row_is_followed_and_left_in_place(world: World) -> None:
    home = await world.home()
    await world.workspace.click(home, SUBSCRIBE)
    followed = await home_with(world, "unsubscribe id:205 in dm")

    assert "1 subscription." in said(followed)
    await world.workspace.click(followed, "Unsubscribe")
    left = await home_with(world, "Nothing yet.")

    assert "unsubscribe id:205 in dm" not in said(left)
    assert world.workspace.modal() is None


async def test_a_row_opens_the_card_and_the_subscription(world: World) -> None:
    home = await world.home()
    await world.workspace.click(home, "Show job")
    await world.modal_with("JOBSTAT_RUNNING")
    await world.workspace.click(home, SUBSCRIBE)
    followed = await home_with(world, "unsubscribe id:205 in dm")

    await world.workspace.click(followed, "Change…")
    form = await world.modal_with("Change subscription")

    assert form["state"]["values"]["place"]["value"]["selected_conversation"] == APP_DM


async def test_what_fails_in_a_row_is_said_over_it(world: World, source: FakeSource) -> None:
    home = await world.home()
    source.jobs = []
    await world.workspace.click(home, SUBSCRIBE)

    await world.modal_with("ModelArts.0102")


async def test_each_drawing_names_the_one_that_it_replaces(world: World) -> None:
    first = await world.home()
    await world.workspace.open_home()
    await drawn_again(world, 1)

    assert "hash" not in drawings(world)[0]
    assert drawings(world)[1]["hash"] == first["hash"]


@pytest.mark.parametrize(("conflicts", "calls"), [(1, 2), (2, 2), (5, 2)])
async def test_a_conflict_is_tried_once_more_and_then_left_to_the_next_event(
    world: World, conflicts: int, calls: int
) -> None:
    await world.home()
    world.workspace.faults.add(
        "error", method="views.publish", error="hash_conflict", count=conflicts
    )
    await world.workspace.open_home()
    await drawn_again(world, calls)
    world.workspace.faults.clear()
    await world.workspace.open_home()
    await drawn_again(world, 1 + calls)

    tried = drawings(world)[1 : 1 + calls]
    assert ["hash" in one for one in tried] == [True, False]
    assert len(drawings(world)) == 2 + calls


async def test_a_changed_job_is_drawn_soon_and_once_a_minute_at_most(
    world: World, source: FakeSource
) -> None:
    await world.home()
    source.jobs = [a_job(205, 11), a_job(231, name="resnet-sweep")]
    await world.bot.catalog.sweep(OURS)
    world.clock.advance(seconds=6)
    await home_with(world, "1 job. It is billed")
    drawn = len(drawings(world))

    source.jobs = [a_job(205, 11), a_job(231, 11, name="resnet-sweep")]
    await world.bot.catalog.sweep(OURS)
    world.clock.advance(seconds=30)
    await world.workspace.type(EXPERIMENTS, "/visjob status")  # meanwhile the duty runs
    assert len(drawings(world)) == drawn
    world.clock.advance(seconds=31)

    await home_with(world, "Nothing is running.")
    assert len(drawings(world)) == drawn + 1


async def test_a_click_is_drawn_at_once_whatever_was_drawn_before(
    world: World, source: FakeSource
) -> None:
    home = await world.home()
    source.jobs = [a_job(205, 11)]
    await world.bot.catalog.sweep(OURS)
    await world.workspace.click(home, "Status")

    await home_with(world, "Nothing is running.")


async def test_an_outage_is_news_as_well(world: World, source: FakeSource) -> None:
    await world.home()
    source.error = SourceUnavailable("ModelArts did not answer within 10 s.")
    await world.type("/visjob 205")
    world.clock.advance(seconds=6)

    home = await home_with(world, "Not confirmed since")
    assert "⚠️" in said(home["blocks"][0])


async def test_nobody_else_is_drawn(world: World, source: FakeSource) -> None:
    source.jobs = []
    await world.bot.catalog.sweep(OURS)
    world.clock.advance(seconds=61)
    await world.type("/visjob status")

    assert drawings(world) == []
    await world.workspace.open_home()
    await drawn_again(world, 0)
    assert drawings(world)[0]["user_id"] == ME


async def test_labels_for_screen_readers_tell_rows_apart(world: World) -> None:
    home = await world.home()
    spoken = [e["accessibility_label"] for e in texts(home["blocks"]) if e["type"] == "button"]

    assert "Open TensorBoard of resnet-sweep" in spoken
    assert "Open TensorBoard of flowers-tb" in spoken
