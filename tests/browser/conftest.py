"""A browser, the world of the demo, and Ana, who looks at its page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib.util import find_spec

import pytest
import pytest_asyncio

from bot.core.ports.time import Clock
from bot.demo.world import World
from tests.fakes import ManualClock

# Playwright has no package for some systems.
if find_spec("playwright"):
    from playwright.async_api import Browser

    from tests.browser.visitor import (
        Visitor,
        chromium_path,
        narrated_world,
        open_browser,
        visiting,
    )
else:
    collect_ignore_glob = ["test_*.py"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator["Browser"]:
    """Chromium, for all tests of a file."""
    if chromium_path() is None:
        pytest.skip("there is no Chromium on this machine")
    async with open_browser() as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """It stands still until a test moves it, so that no job goes on by itself."""
    return ManualClock(datetime.now(UTC))


@pytest_asyncio.fixture(loop_scope="module")
async def world(clock: Clock) -> AsyncIterator[World]:
    """The world of the demo."""
    async with narrated_world(clock) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def ana(browser: "Browser", world: World) -> AsyncIterator["Visitor"]:
    """Ana, at the page."""
    async with visiting(browser, world) as visitor:
        yield visitor
