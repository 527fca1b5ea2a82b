"""Socket Mode with the official client."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.demo.slack_world import APP_TOKEN, CARD, SIGNING, TOKEN

Json = dict[str, Any]


@pytest.fixture
async def socket(workspace: StandInWorkspace) -> AsyncIterator[SocketModeClient]:
    web_client = AsyncWebClient(base_url=workspace.api_url)
    made = SocketModeClient(app_token=APP_TOKEN, web_client=web_client, ping_interval=0.2)
    await made.connect()
    await workspace.until(lambda: workspace.sockets.count)
    yield made
    await made.close()


async def test_a_socket_url_works_once_and_says_hello(workspace: StandInWorkspace) -> None:
    client = AsyncWebClient(token=APP_TOKEN, base_url=workspace.api_url)
    url = str((await client.apps_connections_open(app_token=APP_TOKEN))["url"])

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as first:
            hello = await first.receive_json(timeout=2)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1


async def test_commands_and_clicks_travel_as_envelopes(
    workspace: StandInWorkspace, socket: SocketModeClient
) -> None:
    kinds = []

    async def answer(client: Any, request: SocketModeRequest) -> None:
        kinds.append(request.type)
        payload = {"text": "hello", "blocks": CARD} if request.type == "slash_commands" else None
        reply = SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
        await client.send_socket_mode_response(reply)

    socket.socket_mode_request_listeners.append(answer)

    (seen,) = await workspace.type(EXPERIMENTS, "/visjob 205")
    await workspace.click(seen, "Refresh")
    await workspace.mention(EXPERIMENTS, "205")

    assert seen["text"] == "hello"
    assert kinds == ["slash_commands", "interactive", "events_api"]


async def test_a_muted_socket_lives_while_nothing_arrives(
    workspace: StandInWorkspace, socket: SocketModeClient
) -> None:
    workspace.out.patience = 0.3
    workspace.sockets.muted = True

    seen = await workspace.type(EXPERIMENTS, "/visjob 205")

    assert seen == [{"notice": "/visjob failed with the error operation_timeout"}]
    assert await socket.is_connected()


async def test_a_refresh_makes_the_client_come_back(
    workspace: StandInWorkspace, socket: SocketModeClient
) -> None:
    async def answer(client: Any, request: SocketModeRequest) -> None:
        reply = SocketModeResponse(envelope_id=request.envelope_id, payload={"text": "back"})
        await client.send_socket_mode_response(reply)

    socket.socket_mode_request_listeners.append(answer)

    await workspace.sockets.disconnect("refresh_requested")
    assert workspace.sockets.count == 0
    await workspace.until(lambda: workspace.sockets.count == 1)
    (seen,) = await workspace.type(EXPERIMENTS, "/visjob 205")

    assert seen["text"] == "back"
    assert [entry.method for entry in workspace.journal] == ["apps.connections.open"] * 2


async def test_an_eleventh_socket_is_turned_away(workspace: StandInWorkspace) -> None:
    client = AsyncWebClient(base_url=workspace.api_url)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = str((await client.apps_connections_open(app_token=APP_TOKEN))["url"])
            sockets.append(await session.ws_connect(url))
        said = [await each.receive_json(timeout=2) for each in sockets]
        for each in sockets:
            await each.close()

    assert [message["type"] for message in said] == ["hello"] * 10 + ["disconnect"]
    assert said[9]["num_connections"] == 10
    assert said[10]["reason"] == "too_many_websockets"


async def test_a_disabled_link_hands_out_no_urls(
    workspace: StandInWorkspace, socket: SocketModeClient
) -> None:
    socket.auto_reconnect_enabled = socket.default_auto_reconnect_enabled = False
    await workspace.sockets.disconnect("link_disabled")

    answer = workspace.api.call("apps.connections.open", {}, APP_TOKEN)

    assert answer == {"ok": False, "error": "forbidden_team"}


async def test_bolts_own_handler_answers(workspace: StandInWorkspace) -> None:
    own = AsyncWebClient(token=TOKEN, base_url=workspace.api_url)
    app = AsyncApp(client=own, signing_secret=SIGNING, process_before_response=True)

    @app.command("/visjob")
    async def answer(ack: Any) -> None:
        await ack(text="by socket")

    handler = AsyncSocketModeHandler(
        app, APP_TOKEN, web_client=AsyncWebClient(base_url=workspace.api_url)
    )
    await handler.connect_async()
    seen = await workspace.type(EXPERIMENTS, "/visjob 205")
    await handler.close_async()

    assert [m["text"] for m in seen] == ["by socket"]
    assert len(workspace.ephemerals(EXPERIMENTS, ME)) == 1
