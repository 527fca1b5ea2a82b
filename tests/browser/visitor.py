"""Somebody at the demo's page with a real browser, and what the browser complained of meanwhile."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    async_playwright,
    expect,
)
from rich.console import Console

from bot.core.ports.time import Clock
from bot.demo.narrator import Narrator
from bot.demo.world import World, small_world

# The demo is one process on a machine that may be busy with other tests.
_PATIENCE_MS = 60_000
# --no-sandbox: in a container Chromium may not make its own; it sees loopback pages only.
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """The system's Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start the system's Chromium with nobody's profile, and stop it."""
    expect.set_options(timeout=_PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=_FLAGS)
        yield browser
        await browser.close()


class Visitor:
    """Types, presses and looks as Ana would; `complaints` has what no visit should cause."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._origin = origin
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._follow(request.url))

    @classmethod
    async def enter(cls, context: BrowserContext, origin: str) -> "Visitor":
        """Open the page and wait until it can be written in."""
        visitor = cls(await context.new_page(), origin)
        await visitor.page.goto(origin)
        await expect(visitor.page.get_by_test_id("composer")).to_be_focused()
        return visitor

    @property
    def main(self) -> Locator:
        """The open conversation, without the thread beside it."""
        return self.page.get_by_role("main")

    @property
    def messages(self) -> Locator:
        """All that is said in the open conversation, oldest first."""
        return self.main.locator("[data-ts]")

    async def say(self, text: str) -> None:
        """Type a line and send it."""
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.keyboard.press("Enter")

    async def ask(self, text: str) -> Locator:
        """Say something that one message answers; returns the answer, wherever it moves."""
        before = await self.messages.count()
        await self.say(text)
        await expect(self.messages).to_have_count(before + 1)
        stamp = await self.messages.nth(before).get_attribute("data-ts")
        return self.main.locator(f'[data-ts="{stamp}"]')

    async def open(self, channel: str) -> None:
        """Go to another conversation."""
        await self.page.locator(f'[data-channel-name="{channel}"]').click()

    async def choose_of_row(self, row: int, item: str) -> None:
        """Choose from the menu of a row of Home; the first row is 0."""
        rows = self.page.get_by_test_id("home").get_by_role("button", name="More actions")
        await rows.nth(row).press("Enter")
        await self.page.get_by_role("menuitem", name=item).press("Enter")

    def cloud_job(self, job_id: int) -> Locator:
        """A job's row in the side panel."""
        return self.page.locator(f'[data-testid="cloud-job"][data-job="{job_id}"]')

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _follow(self, url: str) -> None:
        if not url.startswith((f"{self._origin}/", "data:")):
            self.complaints.append(f"left the origin: {url}")


@asynccontextmanager
async def narrated_world(clock: Clock) -> AsyncIterator[World]:
    """The world of the demo, whose story strip is kept as `visjob demo` keeps it."""
    async with small_world(clock=clock) as made:
        narrator = Narrator(made, Console(file=io.StringIO()))
        watching = asyncio.create_task(narrator.watch_cloud())
        yield made
        watching.cancel()


@asynccontextmanager
async def visiting(browser: Browser, world: World) -> AsyncIterator[Visitor]:
    """Somebody at the page, of which the browser must have nothing to complain."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    visitor = await Visitor.enter(context, world.workspace.state.origin)
    yield visitor
    await context.close()
    assert visitor.complaints == []


async def sit_as(visitor: Visitor, name: str) -> None:
    """Look at the page as somebody else."""
    await visitor.page.get_by_test_id("seat").click()
    await visitor.page.get_by_role("menuitemradio", name=name).click()
    await expect(visitor.page.get_by_test_id("seat")).to_contain_text(name)
