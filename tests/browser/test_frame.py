"""The demo's page in a real browser: its own frame, beside what the app says in it."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, expect

from bot.demo.world import World
from tests.browser.visitor import Visitor, sit_as

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(
    ("reader", "language", "placeholder", "panel"),
    [
        ("Ben Okafor", "en", "Message #experiments", ["The cloud", "+1 day", "Queued"]),
        ("Li Na", "zh-CN", "发送消息到 #experiments", ["云不可用", "+1 天", "排队中"]),
    ],
)
async def test_the_frame_speaks_the_language_of_who_looks(
    ana: Visitor, reader: str, language: str, placeholder: str, panel: list[str]
) -> None:
    await ana.page.get_by_test_id("trouble-charts").click()
    await sit_as(ana, reader)

    await expect(ana.page.locator("html")).to_have_attribute("lang", language)
    await expect(ana.page.get_by_test_id("composer")).to_have_attribute("placeholder", placeholder)
    for words in panel:
        await expect(ana.page.get_by_test_id("cloud-panel")).to_contain_text(words)
    told = {"en": "Slack draws no charts.", "zh-CN": "Slack 不绘制图表。"}[language]
    await expect(ana.page.get_by_test_id("story")).to_have_text(told)
    await sit_as(ana, "Ana Ruiz")
    await expect(ana.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("sentence", ["/visjob help", "/visjob help subscribe"])
@pytest.mark.parametrize(("width", "height"), [(1280, 460), (390, 600)])
async def test_a_new_answer_is_shown_from_its_first_line(
    ana: Visitor, sentence: str, width: int, height: int
) -> None:
    await ana.page.get_by_test_id("cloud-toggle").click()
    await ana.page.set_viewport_size({"width": width, "height": height})
    for number in range(8):
        await ana.ask(f"line {number}")

    answer = await ana.ask(sentence)

    await expect(answer.get_by_text("Only visible to you")).to_be_in_viewport()
    assert await answer.evaluate(_IS_SHOWN_BEST), "neither its beginning nor all of it is shown"


async def test_who_reads_a_long_answer_is_not_moved(ana: Visitor, world: World) -> None:
    await ana.page.set_viewport_size({"width": 1280, "height": 460})
    answer = await ana.ask("/visjob help")
    where = await answer.evaluate(_TOP)

    await world.workspace.type("C0EXP00001", "Look here.", user="U0BEN00001")

    await expect(ana.main.get_by_role("button", name="New messages")).to_be_visible()
    assert await answer.evaluate(_TOP) == where
    await ana.main.get_by_role("button", name="New messages").click()
    await expect(ana.messages.last).to_be_in_viewport()
    await expect(ana.main.get_by_role("button", name="New messages")).to_have_count(0)


async def test_an_answer_is_shown_also_after_a_long_one(ana: Visitor) -> None:
    await ana.page.set_viewport_size({"width": 1280, "height": 460})
    await ana.ask("/visjob help")

    answer = await ana.ask("/visjob 205")

    assert await answer.evaluate(_IS_SHOWN_BEST)


async def test_escape_closes_one_thing_at_a_time_on_a_narrow_screen(ana: Visitor) -> None:
    page = ana.page
    await ana.ask("Anybody here?")
    await page.set_viewport_size({"width": 390, "height": 780})
    cloud, sidebar = page.get_by_test_id("cloud-panel"), page.get_by_role("navigation")
    await expect(cloud).to_be_visible()
    await page.get_by_role("button", name="Channels").click()
    await page.get_by_test_id("seat").click()
    await expect(page.get_by_role("menu")).to_be_visible()

    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(sidebar).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sidebar).to_be_hidden()
    await expect(cloud).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(cloud).to_have_count(0)

    await ana.messages.last.click()
    await ana.messages.last.get_by_test_id("reply").click()
    await expect(page.get_by_test_id("thread-composer")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("thread-pane")).to_have_count(0)
    await expect(page.get_by_test_id("composer")).to_be_focused()


async def test_the_drawer_of_channels_has_the_focus_while_it_is_open(ana: Visitor) -> None:
    page = ana.page
    await page.set_viewport_size({"width": 390, "height": 780})
    button = page.get_by_role("button", name="Channels")
    drawer = page.get_by_role("navigation", name="Conversations")
    await button.press("Enter")
    await expect(page.locator('[data-channel-name="experiments"]')).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    await expect(drawer).to_be_hidden()

    await button.press("Enter")
    await page.get_by_test_id("theme-toggle").focus()

    await expect(drawer).to_be_hidden()


async def test_a_channel_that_is_chosen_on_a_narrow_screen_is_seen(ana: Visitor) -> None:
    await ana.page.set_viewport_size({"width": 390, "height": 780})
    await expect(ana.page.get_by_test_id("cloud-panel")).to_be_visible()
    await ana.page.get_by_role("button", name="Channels").click()

    await ana.open("general")

    await expect(ana.page.get_by_test_id("cloud-panel")).to_have_count(0)
    await expect(ana.main.get_by_role("heading", name="general").first).to_be_visible()


@pytest.mark.parametrize("moment", ["night", "day"])
async def test_what_the_bot_says_after_a_jump_is_what_the_cloud_says(
    ana: Visitor, moment: str
) -> None:
    ran = ana.cloud_job(812).locator(".job-time")
    await expect(ran).to_have_text("3 min")

    await ana.page.get_by_test_id(f"moment-{moment}").click()

    await expect(ran).not_to_have_text("3 min")
    state = await ran.inner_text()
    card = await ana.ask("/visjob 812")
    await expect(card).to_contain_text(re.compile(re.escape(state).replace(r"\ ", r"\s")))


async def test_what_nobody_saw_is_drawn_grey_and_running_green(ana: Visitor, world: World) -> None:
    await ana.say("/visjob subscribe 205")
    await expect(ana.main).to_contain_text("Subscribed to flowers-tb")
    assert world.cloud
    world.clock.pass_by(timedelta(minutes=4))
    journal, before = world.cloud.journal, len(world.cloud.journal)
    await world.workspace.until(lambda: len(journal) > before + 4, timeout=60.0)
    # Between two reads a day goes by, in which the job stops at some time.
    world.clock.pass_by(timedelta(days=1))
    world.cloud.push(205, 12)
    await expect(ana.main).to_contain_text("flowers-tb was stopped after")

    await ana.say("/visjob history 205 7d")

    history = ana.messages.filter(has_text="in the last 7 days")
    await expect(history).to_contain_text("not seen 1 d")
    swatch = _swatch(history, "Not seen")
    await expect(swatch).to_have_css("background-color", "rgb(139, 143, 152)")
    # Not the palette's first colour, a rusty red: a job that runs is no trouble.
    running = _swatch(history, "Running")
    await expect(running).to_have_css("background-color", "rgb(31, 157, 107)")
    bars = history.locator('svg rect[fill="#8b8f98"]')
    assert await bars.count() > 0


def _swatch(message: Locator, name: str) -> Locator:
    legend = message.locator(".slack_blocks_to_jsx__data_visualization_legend > span")
    return legend.filter(has_text=name).locator("span").first


_TOP = "message => Math.round(message.getBoundingClientRect().top)"
_IS_SHOWN_BEST = """message => {
  const list = message.closest(".message-list").getBoundingClientRect();
  const { top, bottom, height } = message.getBoundingClientRect();
  const isWhole = top >= list.top - 1 && bottom <= list.bottom + 1;
  return height > list.height ? Math.abs(top - list.top) < 2 : isWhole;
}"""
