"""Draws the README's pictures of the demo; `scripts/pictures` runs it."""

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, expect
from rich.console import Console

from bot.clock import utc_now
from bot.demo.narrator import Narrator
from bot.demo.workspace.cast import EXPERIMENTS, GENERAL
from bot.demo.world import World, small_world
from tests.page_visitor import Visitor, open_browser

_PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
_WIDTH, _HEIGHT, _SCALE = 1180, 884, 1.6
_BEN, _CHLOE = "U0BEN00001", "U0CHLOE001"
_MORNING_HOUR = 10


class _PacedClock:
    """Stands still within a scene, so that two pictures differ in their times only."""

    def __init__(self) -> None:
        self._now = utc_now().replace(second=0)

    def __call__(self) -> datetime:
        return self._now

    def next_scene(self) -> None:
        self._now += timedelta(seconds=4)


async def main() -> None:
    """Play one conversation in the demo and draw it in both themes."""
    _PICTURES.mkdir(parents=True, exist_ok=True)
    clock = _PacedClock()
    async with open_browser() as browser, small_world(clock=clock) as world:
        narrator = Narrator(world, Console(file=io.StringIO()))
        watching = asyncio.create_task(narrator.watch_cloud())
        ana = await _enter(browser, world)
        await _talk(ana, world, clock)
        for theme in ("light", "dark"):
            await expect(ana.page.locator("html")).to_have_attribute("data-theme", theme)
            await ana.page.get_by_test_id("composer").focus()
            await ana.page.mouse.move(0, 0)
            await ana.page.screenshot(path=_PICTURES / f"demo-{theme}.png", animations="disabled")
            await ana.page.get_by_test_id("theme-toggle").click()
        watching.cancel()


async def _enter(browser: Browser, world: World) -> Visitor:
    context = await browser.new_context(
        viewport={"width": _WIDTH, "height": _HEIGHT},
        device_scale_factor=_SCALE,
        color_scheme="light",
        timezone_id=_zone_of_morning(),
    )
    return await Visitor.enter(context, world.workspace.state.origin)


async def _talk(ana: Visitor, world: World, clock: _PacedClock) -> None:
    await world.workspace.type(GENERAL, "Seminar today at three.", user=_CHLOE)
    await world.workspace.type(EXPERIMENTS, "How is the flowers run doing?", user=_BEN)
    clock.next_scene()
    await ana.say("/visjob 205 share")
    await expect(ana.main).to_contain_text("Open TensorBoard")
    clock.next_scene()
    await ana.ask("/visjob list running")
    clock.next_scene()
    await ana.ask("/visjob lst failed")
    # The picture is of the moment when the cloud moves, too.
    await expect(ana.page.get_by_test_id("story")).to_contain_text("gan-faces: Queued → Running")


def _zone_of_morning() -> str:
    """A time zone where it is morning now; names of Etc zones count westwards."""
    west = utc_now().hour - _MORNING_HOUR
    return f"Etc/GMT{west:+d}" if west else "Etc/GMT"


if __name__ == "__main__":
    asyncio.run(main())
