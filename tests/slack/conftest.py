"""Fixtures for all tests of the Slack adapter: a stand-in workspace, and its clock."""

from collections.abc import AsyncIterator

import pytest

from bot.demo.workspace import StandInWorkspace
from tests.fakes import ManualClock
from tests.world import BOT_TOKEN, SIGNING_SECRET


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def workspace(clock: ManualClock) -> AsyncIterator[StandInWorkspace]:
    made = StandInWorkspace(clock=clock, signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN)
    await made.start()
    yield made
    await made.close()
