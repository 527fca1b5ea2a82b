"""The bot stops while it works, and while people go on asking."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.workspace.cast import EXPERIMENTS, ME
from bot.demo.workspace.tickets import Origin
from bot.serve.stopping import Patience
from bot.slack.incoming import answering
from tests.waiting import until
from tests.world import (
    ACTION,
    JSON,
    World,
    command_form,
    event,
    open_world,
    payload,
    said,
    settle,
    sign,
)

RESTARTING = str(answering.RESTARTING)
Json = dict[str, Any]

# A command waits 2 s at most for the answer in its acknowledgement.
SOON = Patience(answers=0.2, apologies=60)
LATER = Patience(answers=2.3, apologies=60)


async def under_way(world: World) -> bool:
    """Return True once a slow call has begun."""
    return bool(world.workspace.faults.injected)


async def asks_cloud(world: World) -> bool:
    """Return True once the cloud was asked for job 205."""
    return any("/205" in seen.path for seen in world.cloud.journal)


@pytest.mark.slow
async def test_a_post_under_way_when_the_bot_stops_is_finished_and_recorded(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        world.workspace.faults.add("slow", method="chat.postMessage", seconds=1.5)
        await world.type("/visjob subscribe 205")
        await until(lambda: under_way(world))

    with closing(sqlite3.connect(tmp_path / "visjob.db")) as database:
        [(state, ts)] = database.execute("SELECT state, ts FROM delivery").fetchall()
    assert state == "sent"
    assert ts


@pytest.mark.slow
async def test_who_stops_a_job_while_the_bot_is_stopped_hears_what_came_of_it(
    tmp_path: Path,
) -> None:
    opened = open_world(
        tmp_path, patience=SOON, VISJOB_OPERATORS=ME, VISJOB_API_TIMEOUT_SECONDS="1"
    )
    async with opened as world:
        await settle(world)
        [*_, asked] = await world.workspace.type(EXPERIMENTS, "/visjob stop 205")
        world.cloud.faults.add("never_answers", where="/205/stop$", applied=True)
        await world.workspace.click(asked, "Stop…")
        await until(lambda: is_stopped(world))

    told = [message["text"] for message in world.whispers()]
    assert RESTARTING not in told
    assert "is stopping" in told[-1]


async def is_stopped(world: World) -> bool:
    """Return True once the cloud was asked to stop job 205."""
    return any(seen.path.endswith("/205/stop") for seen in world.cloud.journal)


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
@pytest.mark.parametrize("patience", [SOON, LATER], ids=["in the acknowledgement", "after it"])
@pytest.mark.slow
async def test_a_command_that_waits_for_the_cloud_is_answered_before_the_end(
    tmp_path: Path, socket_mode: bool, patience: Patience
) -> None:
    async with open_world(tmp_path, socket_mode=socket_mode, patience=patience) as world:
        await ready(world, socket_mode)
        world.cloud.faults.add("never_answers", where="/205", count=None)
        asking = asyncio.ensure_future(world.workspace.type(EXPERIMENTS, "/visjob 205"))
        await until(lambda: asks_cloud(world))

    await asking
    told = [message["text"] for message in world.whispers()]
    assert told[-1] == RESTARTING
    assert len(told) == (1 if patience is SOON else 2), "acknowledged first, where that came first"


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
async def test_a_click_and_a_mention_that_wait_are_answered_too(
    tmp_path: Path, socket_mode: bool
) -> None:
    async with open_world(tmp_path, socket_mode=socket_mode, patience=SOON) as world:
        await ready(world, socket_mode)
        card = await world.type("/visjob 205")
        world.cloud.faults.add("never_answers", where="/205", count=None)
        asked = len(world.cloud.journal)
        await world.workspace.click(card, "Refresh")
        await world.workspace.mention(EXPERIMENTS, "last")

        async def is_asked() -> bool:
            return len(world.cloud.journal) > asked

        world.clock.advance(seconds=20)
        await world.workspace.click(card, "Refresh")
        await until(is_asked)

    assert said({"all": world.whispers()}).count(RESTARTING) >= 1


@pytest.mark.slow
async def test_an_answer_that_comes_in_time_is_waited_for(tmp_path: Path) -> None:
    patience, seconds = Patience(answers=60), "2.2"  # longer than the acknowledgement may take
    async with open_world(tmp_path, patience=patience, VISJOB_API_TIMEOUT_SECONDS=seconds) as world:
        await settle(world)
        world.cloud.faults.add("never_answers", where="/205", count=None)
        asking = asyncio.ensure_future(world.workspace.type(EXPERIMENTS, "/visjob 205"))
        await until(lambda: asks_cloud(world))

    await asking
    told = said(world.whispers()[-1])
    assert "ModelArts" in told
    assert RESTARTING not in told


@asynccontextmanager
async def stopping_world(folder: Path, *, socket_mode: bool = False) -> AsyncIterator[World]:
    """A world whose bot is stopping, but cannot end yet, because a command waits for the cloud."""
    async with AsyncExitStack() as stack:
        patience = Patience(answers=1.5, linger=1.5, apologies=60)
        world = await stack.enter_async_context(
            open_world(folder, socket_mode=socket_mode, patience=patience)
        )
        await ready(world, socket_mode)
        world.cloud.faults.add("never_answers", where="/205", count=None)
        asking = asyncio.ensure_future(world.workspace.type(EXPERIMENTS, "/visjob 205"))
        await until(lambda: asks_cloud(world))
        stopping = asyncio.ensure_future(stack.aclose())
        await until(lambda: is_stopping(world))
        async with aiohttp.ClientSession() as world.http:
            yield world
        await asyncio.gather(asking, stopping)


async def is_stopping(world: World) -> bool:
    """Return True once `/readyz` reports that the bot is stopping."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{world.origin}/readyz") as answer,
    ):
        return "stopping" in (await answer.json())["not_ready"]


async def ready(world: World, socket_mode: bool) -> World:
    if socket_mode:
        await world.workspace.until(lambda: world.workspace.sockets.count)
    return await settle(world)


@pytest.mark.slow
async def test_who_asks_over_http_while_it_stops_hears_that_it_restarts(tmp_path: Path) -> None:
    submitted = {
        "type": "view_submission",
        "user": {"id": ME, "team_id": "T0VISION01"},
        "team": {"id": "T0VISION01"},
        "view": {"type": "modal", "callback_id": "visjob_subscribe", "state": {"values": {}},
                 "blocks": [{"type": "input", "block_id": "job"}]},
    }  # fmt: skip
    search = {
        "type": "block_suggestion", "user": {"id": ME, "team_id": "T0VISION01"},
        "team": {"id": "T0VISION01"}, "value": "flow", "action_id": "a", "block_id": "b",
    }  # fmt: skip
    async with stopping_world(tmp_path) as world:
        commands = {await world.post(command_form(trigger_id=str(number))) for number in range(20)}
        form = await world.post(payload(**submitted))
        box = await world.post(payload(**search))
        alive = await world.get("/healthz")

    assert commands == {(200, RESTARTING)}
    assert json.loads(form[1])["errors"] == {"job": RESTARTING}
    assert (box[0], json.loads(box[1])) == (200, {"options": []})
    assert alive[0] == 200


@pytest.mark.slow
async def test_who_clicks_while_it_stops_hears_it_beside_the_message(tmp_path: Path) -> None:
    async with stopping_world(tmp_path) as world:
        hook = world.workspace.state.tickets.issue_hook(Origin(user=ME, channel=EXPERIMENTS))
        click = {
            "type": "block_actions", "actions": [ACTION],
            "user": {"id": ME, "team_id": "T0VISION01"}, "team": {"id": "T0VISION01"},
            "channel": {"id": EXPERIMENTS},
            "response_url": f"{world.workspace.state.origin}/hooks/T0VISION01/{hook}",
        }  # fmt: skip
        clicked = await world.post(payload(**click))

    assert clicked == (200, "")
    assert RESTARTING in said({"all": world.whispers()})


@pytest.mark.parametrize(
    "fact",
    [
        {"type": "app_mention", "user": ME, "text": "<@U0VISJOB01> help", "channel": EXPERIMENTS},
        {"type": "app_home_opened", "user": ME, "tab": "home"},
        {"type": "channel_archive", "channel": EXPERIMENTS, "user": ME},
    ],
    ids=lambda fact: str(fact["type"]),
)
@pytest.mark.slow
async def test_events_that_come_while_it_stops_are_left_to_the_next(
    tmp_path: Path, fact: Json
) -> None:
    async with stopping_world(tmp_path) as world:
        body = event(event={"ts": "1.1", **fact}, event_id="Ev7").encode()
        signed = sign(body, world.clock)
        statuses = [(await world.post(body, kind=JSON, headers=signed))[0] for _ in range(2)]

    assert statuses == [503, 503], "Slack sends it again, also with the same signature"


@pytest.mark.slow
async def test_over_a_socket_commands_are_answered_and_events_are_not_taken(tmp_path: Path) -> None:
    async with stopping_world(tmp_path, socket_mode=True) as world:
        world.workspace.out.patience = 0.3
        world.workspace.out.retry_delays = ()
        seen = await world.workspace.type(EXPERIMENTS, "/visjob help")
        taken = await world.workspace.out.event(
            {"type": "app_mention", "user": ME, "text": "help", "channel": EXPERIMENTS, "ts": "1.1"}
        )

    assert RESTARTING in said({"all": seen})
    assert not taken
