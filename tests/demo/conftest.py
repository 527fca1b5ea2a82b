"""The stand-in workspace and a real Bolt app that listens to it, for the tests of both."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from tests.demo.slack_world import APP_TOKEN, SIGNING, TOKEN
from tests.fakes import ManualClock


@pytest.fixture
def slack_clock() -> ManualClock:
    return ManualClock(datetime.now(UTC))


@pytest.fixture
async def workspace(slack_clock: ManualClock) -> AsyncIterator[StandInWorkspace]:
    made = StandInWorkspace(
        clock=slack_clock, signing_secret=SIGNING, bot_token=TOKEN, app_token=APP_TOKEN
    )
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def client(workspace: StandInWorkspace) -> AsyncWebClient:
    """The official client, without its silent second try."""
    return AsyncWebClient(token=TOKEN, base_url=workspace.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
async def bot(workspace: StandInWorkspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app behind HTTP that the workspace sends to."""
    own = AsyncWebClient(token=TOKEN, base_url=workspace.api_url)
    app = AsyncApp(client=own, signing_secret=SIGNING, process_before_response=True)
    runner = web.AppRunner(app.server(port=0, path="/slack/events").web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
    yield app
    await runner.cleanup()
