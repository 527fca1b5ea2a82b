"""The demo's page in a real browser: a job that runs for long, and how it is kept and stopped."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, expect

from bot.core.ports.time import Clock
from bot.demo.world import World
from bot.serve.clock import utc_now
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture
def clock() -> Clock:
    """The jobs of the demo go on by themselves."""
    return utc_now


_A_DAY = timedelta(days=1)


async def guard_note(ana: Visitor, world: World) -> Locator:
    """The channel follows resnet-sweep, and a day goes by."""
    await ana.say("/visjob subscribe 231")
    await expect(ana.main).to_contain_text("resnet-sweep has already been running for 1 d 2 h.")
    await ana.say("/visjob subscribe 240")
    await expect(ana.main).to_contain_text("Subscribed to bert-finetune")
    # Once the change of one job is told, the other one was looked at, too.
    assert world.cloud
    world.cloud.push(240, 8)
    await expect(ana.main).to_contain_text("bert-finetune is running.")
    await ana.page.get_by_test_id("moment-day").click()
    note = reminders(ana)
    await expect(note).to_contain_text("resnet-sweep has been running for 2 d 2 h")
    return note


def reminders(ana: Visitor) -> Locator:
    """Those of resnet-sweep: the other job has run for a day, too."""
    return ana.messages.filter(has_text="is billed while it runs").filter(has_text="resnet-sweep")


def card_of(ana: Visitor, name: str) -> Locator:
    return ana.messages.filter(has_text="followed by").filter(has_text=name)


async def test_a_job_that_runs_for_long_is_noticed_and_kept(ana: Visitor, world: World) -> None:
    note = await guard_note(ana, world)
    await expect(note).to_contain_text("Is it still needed?")

    await note.get_by_role("button", name="Keep resnet-sweep for 4 h").click()

    card = card_of(ana, "resnet-sweep")
    await expect(card).to_contain_text(re.compile("kept.until.*by.@ana"))
    pressed = reminders(ana)
    await expect(pressed).to_contain_text(re.compile("Kept.until.*by.@ana"))
    await expect(pressed.locator(".block").get_by_role("button")).to_have_text(["Undo"])


async def test_a_job_is_stopped_from_its_guard_note(ana: Visitor, world: World) -> None:
    note = await guard_note(ana, world)
    await note.get_by_role("button", name="Stop resnet-sweep").click()
    dialog = ana.page.get_by_role("alertdialog").or_(ana.page.get_by_role("dialog"))
    await expect(dialog).to_contain_text("ends now; it has run 2 d 2 h.")

    await dialog.get_by_role("button", name="Stop job").click()

    card = card_of(ana, "resnet-sweep")
    await expect(card).to_contain_text(re.compile("Stopping, asked by @ana at"))
    await ana.cloud_job(231).get_by_test_id("cloud-push").click()
    await expect(ana.main).to_contain_text("resnet-sweep was stopped after 2 d 2 h.")
    stopped = ana.messages.filter(has_text="Stopped, asked by @ana at").first
    await expect(stopped).to_contain_text("resnet-sweep (231)")


@pytest.mark.parametrize(
    ("sentence", "drawn"),
    [
        ("/visjob history 205 24h", "Bar chart: flowers-tb: minutes over time"),
        ("/visjob cost 205 month", "Bar chart: Running hours by day"),
    ],
)
async def test_what_was_seen_of_a_job_is_drawn(
    ana: Visitor, world: World, sentence: str, drawn: str
) -> None:
    if (world.clock().astimezone(world.zone) + _A_DAY).day == 1:
        world.clock.pass_by(_A_DAY)
    await ana.say("/visjob subscribe 205")
    await expect(ana.main).to_contain_text("Subscribed to flowers-tb")
    # A bar is drawn of what is long enough to be seen, and was read since; days, of two of them.
    world.clock.pass_by(_A_DAY if "month" in sentence else timedelta(minutes=3))
    reads = _reads(world)
    await world.workspace.until(lambda: _reads(world) > reads + 4, timeout=60.0)

    await ana.say(sentence)

    # The renderer says what it has drawn, to who cannot see it.
    await expect(ana.main.get_by_role("img", name=drawn).first).to_be_visible()


def _reads(world: World) -> int:
    return len(world.cloud.journal) if world.cloud else 0
