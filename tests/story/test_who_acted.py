"""The channel's messages about stops and restarts through the bot, in the running bot."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.cast import BEN, ME
from tests.story.test_acting import cards, pressed, typed
from tests.story.test_pressed import labels, now, told
from tests.waiting import as_time_passes, until
from tests.world import World, open_world, said, settle

Json = dict[str, Any]
CHANGED = "visjob_status_changed"


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(
        tmp_path, VISJOB_OPERATORS=f"{ME},{BEN}", VISJOB_POLL_SECONDS="30"
    ) as made:
        yield await settle(made)


async def becomes(world: World, status: int) -> Json:
    """Set the job's status, and return the message of that change. The bot may have read the status
    before, too, and tell that change first."""
    before = len(told(world, CHANGED))
    world.cloud.push(205, status)

    async def is_told() -> Json | None:
        new = told(world, CHANGED)[before:]
        return next((one for one in new if _payload(one)["to_status"] == status), None)

    return await as_time_passes(world.clock, is_told)


def _payload(message: Json) -> Json:
    payload: Json = message["metadata"]["event_payload"]
    return payload


async def says(world: World, message: Json, words: str) -> Json:
    """Return the message, once it contains these words."""

    async def shown() -> Json | None:
        current = now(world, message)
        return current if words in current["text"] else None

    return await until(shown)


def posted(world: World, message: Json) -> Json:
    """Return the arguments with which a message was posted, before any edit."""
    posts = [one for one in world.workspace.journal if one.method == "chat.postMessage"]
    id = _payload(message)["delivery_id"]
    return next(one.arguments for one in posts if id in said(one.arguments.get("metadata", {})))


@pytest.mark.parametrize(("user", "by_card"), [(ME, True), (BEN, False)])
@pytest.mark.slow
async def test_a_stop_names_who_asked_for_it_and_calls_nobody(
    lab: World, user: str, by_card: bool
) -> None:
    await typed(lab, "subscribe 205 for all")
    [card] = await lab.workspace.until(lambda: cards(lab))
    question = card if by_card else await typed(lab, "stop 205", user)
    await pressed(lab, question, user=user)

    message = await becomes(lab, 12)
    shown = await says(lab, message, f"<@{user}> asked for it.")

    assert f"<@{user}>" not in said(posted(lab, message)), "in a new message it would call them"
    assert user not in said(posted(lab, message)["blocks"])
    assert {"type": "user", "user_id": user} in parts(shown)
    assert shown["metadata"] == message["metadata"]
    assert labels(shown) == ["Subscribe again"]
    [card] = cards(lab)
    assert f"Stopped, asked by <@{user}>" in card["text"]
    assert "Restart…" in labels(card)

    await pressed(lab, shown, "Subscribe again")
    await until(lambda: has_no_button(lab, message))
    assert f"<@{user}> asked for it." in now(lab, message)["text"]


async def has_no_button(world: World, message: Json) -> bool:
    return labels(now(world, message)) == []


@pytest.mark.slow
async def test_a_restart_names_who_asked_for_it_too(lab: World) -> None:
    await typed(lab, "subscribe 205 for all")
    await lab.workspace.until(lambda: cards(lab))
    await pressed(lab, await typed(lab, "stop 205"))
    stop = await becomes(lab, 12)
    await says(lab, stop, f"<@{ME}> asked for it.")
    await pressed(lab, await typed(lab, "restart 205", BEN), "Restart…", user=BEN)

    message = await becomes(lab, 7)

    await says(lab, message, f"<@{BEN}> asked for it.")
    assert BEN not in said(posted(lab, message)["blocks"])
    assert f"<@{ME}> asked for it." in now(lab, stop)["text"], "what was said of it before stays"


@pytest.mark.parametrize("is_refused", [False, True])
@pytest.mark.slow
async def test_a_stop_of_somebody_else_names_nobody(lab: World, is_refused: bool) -> None:
    """Nobody asked us for it; or somebody did, and the cloud refused."""
    await typed(lab, "subscribe 205")
    await lab.workspace.until(lambda: cards(lab))
    if is_refused:
        lab.cloud.faults.add("stop_refused", where="/205/stop$")
        await pressed(lab, await typed(lab, "stop 205"))

    message = await becomes(lab, 12)
    [card] = cards(lab)
    await lab.workspace.click(card, "Refresh")
    await until(lambda: shows_stop(lab))

    assert "asked for it" not in now(lab, message)["text"]


async def shows_stop(world: World) -> bool:
    return "was stopped" in cards(world)[0]["text"]


def parts(node: object) -> list[object]:
    """Return every value inside a message."""
    below = (
        list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    )
    return [node, *(part for one in below for part in parts(one))]
