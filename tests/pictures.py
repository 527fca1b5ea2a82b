"""Draws the README's pictures of the demo; `scripts/pictures` runs it."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, expect
from rich.console import Console

from bot.demo.acts import SHARED_SECONDS
from bot.demo.narrator import Narrator
from bot.demo.weather import SLACK
from bot.demo.workspace.cast import EXPERIMENTS, GENERAL
from bot.demo.world import World, small_world
from bot.serve.clock import utc_now
from tests.fakes import ManualClock
from tests.page_visitor import Visitor, open_browser

_PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
_WIDTH, _HEIGHT, _SCALE = 1180, 884, 1.6
# Wide enough for a thread and the cloud beside each other.
_WIDE = 1380
# A change is read, told, and after an outage looked for in Slack first.
_PATIENCE_SECONDS = 40.0
_BEN, _CHLOE = "U0BEN00001", "U0CHLOE001"
_MORNING_HOUR = 10
# The clock stands still within a scene, so that two pictures differ in their times only.
_A_SCENE = {"seconds": 4.0}


async def main() -> None:
    """Play three scenes in the demo and draw each in both themes."""
    _PICTURES.mkdir(parents=True, exist_ok=True)
    async with open_browser() as browser:
        await _draw(browser, "demo", _talk, width=_WIDTH)
        await _draw(browser, "watching", _watch, width=_WIDE)
        await _draw(browser, "care", _care, width=_WIDTH)


async def _draw(
    browser: Browser,
    name: str,
    scene: Callable[[Visitor, World, ManualClock], Awaitable[None]],
    *,
    width: int,
) -> None:
    clock = ManualClock(utc_now().replace(second=0))
    async with small_world(clock=clock) as world:
        narrator = Narrator(world, Console(file=io.StringIO()))
        watching = asyncio.create_task(narrator.watch_cloud())
        ana = await _enter(browser, world, width)
        await scene(ana, world, clock)
        for theme in ("light", "dark"):
            await expect(ana.page.locator("html")).to_have_attribute("data-theme", theme)
            await ana.page.get_by_test_id("composer").first.focus()
            await ana.page.mouse.move(0, 0)
            await ana.page.screenshot(path=_PICTURES / f"{name}-{theme}.png", animations="disabled")
            await ana.page.get_by_test_id("theme-toggle").click()
        watching.cancel()


async def _enter(browser: Browser, world: World, width: int) -> Visitor:
    context = await browser.new_context(
        viewport={"width": width, "height": _HEIGHT},
        device_scale_factor=_SCALE,
        color_scheme="light",
        timezone_id=_zone_of_morning(),
    )
    return await Visitor.enter(context, world.workspace.state.origin)


async def _talk(ana: Visitor, world: World, clock: ManualClock) -> None:
    await world.workspace.type(GENERAL, "Seminar today at three.", user=_CHLOE)
    await world.workspace.type(EXPERIMENTS, "How is the flowers run doing?", user=_BEN)
    clock.advance(**_A_SCENE)
    await ana.say("/visjob 205 share")
    await expect(ana.main).to_contain_text("Open TensorBoard")
    clock.advance(**_A_SCENE)
    await ana.ask("/visjob list running")
    clock.advance(**_A_SCENE)
    await ana.ask("/visjob lst failed")
    # The picture is of the moment when the cloud moves, too.
    await expect(ana.page.get_by_test_id("story")).to_contain_text("gan-faces: Queued → Running")


async def _watch(ana: Visitor, world: World, clock: ManualClock) -> None:
    """A subscription, an outage of Slack in the middle of it, and each change told once."""
    card = await ana.ask("/visjob subscribe 240")
    await card.get_by_test_id("dismiss").click()
    await _tell(world, clock, 8)
    world.weather.set(SLACK, is_on=True)
    posts = _posts(world)
    _move(world, clock, 9)
    await world.workspace.until(lambda: _posts(world) > posts, timeout=_PATIENCE_SECONDS)
    _move(world, clock, 12)
    await asyncio.sleep(SHARED_SECONDS)
    world.weather.set(SLACK, is_on=False)
    await world.workspace.until(lambda: _is_told(world, 12), timeout=_PATIENCE_SECONDS)
    await expect(ana.main).to_contain_text("Stopped · ran")
    await ana.main.get_by_text("replies").click()
    await ana.ask("/visjob why 240")


async def _care(ana: Visitor, world: World, clock: ManualClock) -> None:
    """A job that somebody forgot, until the channel is told, and she keeps it for a while."""
    await world.workspace.type(EXPERIMENTS, "Off for the week. See you on Monday!", user=_BEN)
    for sentence in ("/visjob subscribe 231", "/visjob claim 231"):
        clock.advance(**_A_SCENE)
        await ana.say(sentence)
        await ana.main.get_by_test_id("dismiss").click()
    assert world.cloud
    journal, before = world.cloud.journal, len(world.cloud.journal)
    await _wait(clock, lambda: len(journal) > before + 8)
    await ana.cloud_job(231).get_by_test_id("cloud-longer").click()
    await _wait(clock, lambda: "is billed" in world.workspace.messages(EXPERIMENTS)[-1]["text"])
    await ana.main.get_by_role("button", name="Keep resnet-sweep for 4 h").click()
    await expect(ana.main).to_contain_text("kept until")


async def _wait(clock: ManualClock, has_happened: Callable[[], bool]) -> None:
    """Let time go on until then."""
    while not has_happened():
        clock.advance(seconds=0.5)
        await asyncio.sleep(0.5)


async def _tell(world: World, clock: ManualClock, status: int) -> None:
    _move(world, clock, status)
    await world.workspace.until(lambda: _is_told(world, status), timeout=_PATIENCE_SECONDS)


def _move(world: World, clock: ManualClock, status: int) -> None:
    clock.advance(**_A_SCENE)
    if world.cloud:
        world.cloud.push(240, status)


def _posts(world: World) -> int:
    return sum(call.method == "chat.postMessage" for call in world.workspace.journal)


def _is_told(world: World, status: int) -> bool:
    told = [message.get("metadata", {}) for message in world.workspace.messages(EXPERIMENTS)]
    return any(one.get("event_payload", {}).get("to_status") == status for one in told)


def _zone_of_morning() -> str:
    """A time zone where it is morning now; names of Etc zones count westwards."""
    west = utc_now().hour - _MORNING_HOUR
    return f"Etc/GMT{west:+d}" if west else "Etc/GMT"


if __name__ == "__main__":
    asyncio.run(main())
