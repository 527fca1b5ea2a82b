"""Draws the pictures of README.md and docs/ from the demo; `scripts/pictures` runs it."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, FloatRect, Locator, expect

from bot.demo.workspace.cast import EXPERIMENTS, GENERAL, ME
from tests.browser.visitor import Visitor, open_browser
from tests.world import World, open_world, settle

_PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
# The list of channels and one conversation; high enough that nothing needs to be scrolled.
_WIDTH, _HEIGHT, _SCALE = 940, 1700, 1.3
_PATIENCE_SECONDS = 40.0
_BEN = "U0BEN00001"
# The clock stands still within a scene, so that two pictures differ in their times only.
_A_MOMENT = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Ana before the page, and the world behind it."""

    ana: Visitor
    world: World

    async def say(self, text: str) -> None:
        """A sentence, a moment after the one before."""
        self.world.clock.advance(seconds=_A_MOMENT.total_seconds())
        await self.ana.say(text)

    async def ask(self, text: str) -> Locator:
        """The same, of which the answer is wanted."""
        self.world.clock.advance(seconds=_A_MOMENT.total_seconds())
        return await self.ana.ask(text)

    async def pass_by(self, whole: timedelta, *, step: timedelta) -> None:
        """Let time go on, and the bot read the cloud at each step."""
        for _ in range(round(whole / step)):
            await self._one_more_read(step)

    async def _one_more_read(self, step: timedelta) -> None:
        journal, before = self.world.cloud.journal, len(self.world.cloud.journal)
        self.world.clock.advance(seconds=step.total_seconds())
        await self.until(lambda: len(journal) > before)
        # The page's own days go by its clock.
        workspace, now = self.world.workspace, self.world.clock().isoformat()
        workspace.set_cloud({**workspace.page.cloud, "clock": now})

    async def push(self, job_id: int, status: int) -> None:
        """Let a job go to a status, and wait until the channel is told."""
        self.world.cloud.push(job_id, status)
        await self.until(lambda: self._is_told(status))

    def _is_told(self, status: int) -> bool:
        messages = self.world.workspace.messages(EXPERIMENTS)
        told = [message.get("metadata", {}) for message in messages]
        return any(one.get("event_payload", {}).get("to_status") == status for one in told)

    async def until(self, has_happened: Callable[[], object]) -> None:
        """Let time go on until then, at its own pace but for what is due in a second."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not has_happened():
                await asyncio.sleep(0.2)
                self.world.clock.advance(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`play` says what is drawn: from the first of these to the last."""

    play: Callable[[Stage], Awaitable[list[Locator]]]
    poll_seconds: int = 30


async def main(names: list[str]) -> None:
    """Play each scene, or those that are named, in a world of its own, and draw it."""
    _PICTURES.mkdir(parents=True, exist_ok=True)
    async with open_browser() as browser:
        for name, scene in SCENES.items():
            if not names or name in names:
                with tempfile.TemporaryDirectory() as folder:
                    await _draw(browser, _PICTURES / f"{name}.png", scene, Path(folder))


async def _draw(browser: Browser, file: Path, scene: Scene, folder: Path) -> None:
    async with open_world(
        folder,
        VISJOB_POLL_SECONDS=str(scene.poll_seconds),
        VISJOB_OPERATORS=ME,
        VISJOB_HOURLY_PRICE="0.36",
        VISJOB_CURRENCY="EUR",
    ) as world:
        await settle(world)
        context = await browser.new_context(
            viewport={"width": _WIDTH, "height": _HEIGHT},
            device_scale_factor=_SCALE,
            color_scheme="light",
        )
        ana = await Visitor.enter(context, world.workspace.state.origin)
        shown = await scene.play(Stage(ana=ana, world=world))
        await ana.page.mouse.move(0, 0)
        await ana.page.screenshot(path=file, animations="disabled", clip=await _around(shown))
        await context.close()


async def _around(shown: list[Locator]) -> FloatRect:
    boxes = [box for one in shown if (box := await one.bounding_box())]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right = max(box["x"] + box["width"] for box in boxes)
    bottom = max(box["y"] + box["height"] for box in boxes)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


async def _ask(stage: Stage) -> list[Locator]:
    """A card that everybody sees, a list, and a slip of the pen."""
    ana = stage.ana
    await stage.world.workspace.type(EXPERIMENTS, "How is the flowers run doing?", user=_BEN)
    await stage.say("/visjob 205 share")
    await expect(ana.main).to_contain_text("Open TensorBoard")
    await stage.ask("/visjob list running")
    await stage.ask("/visjob lst failed")
    return [ana.messages.first, ana.messages.last]


async def _follow(stage: Stage) -> list[Locator]:
    """A job starts, runs and is stopped; its card and its thread say so."""
    ana = stage.ana
    stage.world.cloud.push(240, 7)
    await stage.ask("/visjob 240")
    await stage.say("/visjob subscribe 240")
    for _ in range(2):
        await ana.main.get_by_test_id("dismiss").first.click()
    for minutes, status in ((3, 8), (48, 9), (2, 12)):
        await stage.pass_by(timedelta(minutes=minutes), step=timedelta(seconds=60))
        await stage.push(240, status)
    await ana.main.get_by_text("replies").click()
    thread = ana.page.get_by_test_id("thread-pane").locator("[data-ts]")
    await expect(thread.first).to_contain_text("following has ended")
    return [thread.first, thread.last]


async def _keep(stage: Stage) -> list[Locator]:
    """A job that somebody forgot, until the channel is reminded, and she keeps it for a while."""
    ana, world = stage.ana, stage.world
    for sentence in ("/visjob subscribe 231", "/visjob claim 231"):
        await stage.say(sentence)
        await ana.main.get_by_test_id("dismiss").click()
    await stage.pass_by(timedelta(minutes=2), step=timedelta(seconds=40))
    await stage.pass_by(timedelta(days=1), step=timedelta(days=1))
    await stage.until(lambda: "is billed" in world.workspace.messages(EXPERIMENTS)[-1]["text"])
    await ana.main.get_by_role("button", name="Keep resnet-sweep for 4 h").click()
    await expect(ana.main).to_contain_text("kept until")
    return [ana.messages.first, ana.messages.last]


async def _cost(stage: Stage) -> list[Locator]:
    """Three jobs are followed for four days, one of them is stopped, and somebody asks."""
    world, step = stage.world, timedelta(hours=2)
    for job in ("205", "231", "name:197"):
        await world.workspace.type(GENERAL, f"/visjob subscribe {job}", user=_BEN)
    for days, stopped in ((2, 205), (1, 812), (1, None)):
        await stage.pass_by(timedelta(days=days), step=step)
        if stopped:
            world.cloud.push(stopped, 12)
    answer = await stage.ask("/visjob cost week")
    charts = answer.get_by_role("group", name="Chart")
    await expect(charts).to_have_count(2)
    return [answer.locator(".avatar").first, answer.get_by_test_id("dismiss"), charts.first]


async def _quiet(stage: Stage) -> list[Locator]:
    """The settings of a channel."""
    await stage.say("/visjob settings")
    form = stage.ana.page.get_by_test_id("modal")
    await expect(form).to_contain_text("uiet hours")
    return [form]


#: By the name of the picture.
SCENES: dict[str, Scene] = {
    "ask": Scene(play=_ask),
    "follow": Scene(play=_follow, poll_seconds=60),
    "keep": Scene(play=_keep),
    "cost": Scene(play=_cost, poll_seconds=3600),
    "quiet": Scene(play=_quiet),
}


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
