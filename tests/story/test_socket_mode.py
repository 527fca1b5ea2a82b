"""The same bot through a WebSocket, and the watchdog that gets a bad connection back."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace.cast import EXPERIMENTS
from bot.slack.incoming.socket_mode import SocketMode
from tests.world import APP_TOKEN, BOT_TOKEN, World, open_world, said, settle


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, socket_mode=True) as made:
        await made.workspace.until(lambda: made.workspace.sockets.count)
        yield await settle(made)


async def test_a_command_is_answered_in_the_acknowledgement(world: World) -> None:
    card = await world.type("/visjob 205")

    assert card["text"].startswith("flowers-tb is running")
    assert world.workspace.replies.journal == []


async def test_clicks_options_mentions_and_home_travel_the_same_way(world: World) -> None:
    question = await world.type("/visjob 197")
    await world.click(question, "name 197")
    box = await world.type("/visjob find")
    found = await world.workspace.options(box, "visjob:search:0", "sweep")
    await world.workspace.mention(EXPERIMENTS, "vae")
    await world.workspace.until(lambda: "vae-digits" in said({"all": world.whispers()}))

    assert "Job 812" in world.whispers()[0]["text"]
    assert [option["value"] for option in found["options"]] == ["id:231"]
    assert "resnet-sweep" in said(await world.home())


async def test_there_is_no_way_in_for_requests_over_http(world: World) -> None:
    assert (await world.post("command=%2Fvisjob"))[0] == 404
    assert await world.get("/healthz") == (200, "ok\n")
    assert json.loads((await world.get("/readyz"))[1])["ready"] is True


async def test_when_slack_asks_to_reconnect_the_bot_comes_back(world: World) -> None:
    await world.workspace.sockets.disconnect("refresh_requested")
    await world.workspace.until(lambda: _opened(world) == 2 and world.workspace.sockets.count)

    assert (await world.type("/visjob 205"))["text"].startswith("flowers-tb is running")


@pytest.fixture
async def socket(world: World) -> AsyncIterator[SocketMode]:
    """A second connection of the same app, whose time and app belong to the test."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=world.workspace.api_url)
    app = AsyncApp(client=client, signing_secret="unused")
    made = SocketMode(
        app, app_token=APP_TOKEN, proxy_url=None, monotonic=world.clock.monotonic, connect_seconds=1
    )
    yield made
    await made.close()


async def test_the_first_look_connects(world: World, socket: SocketMode) -> None:
    await socket.watch()

    assert await socket.is_connected()
    assert world.workspace.sockets.count == 2


async def test_a_good_connection_is_left_alone(world: World, socket: SocketMode) -> None:
    await socket.watch()
    for _ in range(20):
        world.clock.advance(seconds=60)
        await socket.watch()

    assert socket.rebuilt == 0
    assert _opened(world) == 2


async def test_a_connection_that_brings_nothing_for_half_an_hour_is_built_anew(
    world: World, socket: SocketMode
) -> None:
    await socket.watch()
    world.workspace.sockets.muted = True
    world.clock.advance(seconds=1801)
    await socket.watch()

    assert socket.rebuilt == 1
    assert await socket.is_connected()
    assert world.workspace.sockets.count == 2, "the old one is closed"


async def test_a_connection_that_stays_down_is_built_anew(world: World, socket: SocketMode) -> None:
    await socket.watch()
    handler = socket._handler
    assert handler is not None
    await handler.client.disconnect()
    handler.client.auto_reconnect_enabled = False
    await world.workspace.until(lambda: world.workspace.sockets.count == 1)

    world.clock.advance(seconds=29)
    await socket.watch()
    assert socket.rebuilt == 0, "the library's own try comes first"
    world.clock.advance(seconds=2)
    await socket.watch()

    assert socket.rebuilt == 1
    assert await socket.is_connected()


async def test_a_connection_that_slack_does_not_grant_is_asked_for_again(
    world: World, socket: SocketMode
) -> None:
    world.workspace.sockets.enabled = False
    assert await socket.connect() is False
    world.workspace.sockets.enabled = True
    world.clock.advance(seconds=31)
    await socket.watch()

    assert await socket.is_connected()


def _opened(world: World) -> int:
    return sum(entry.method == "apps.connections.open" for entry in world.workspace.journal)
