"""The demo's page in a real browser: shortcuts, pasted links, the night, and other seats."""

import re

import pytest
from playwright.async_api import Locator, expect

from bot.core.ports.time import Clock
from bot.demo.workspace.cast import BEN, EXPERIMENTS
from bot.demo.world import World
from bot.serve.clock import utc_now
from tests.browser.visitor import Visitor, sit_as

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture
def clock() -> Clock:
    """The jobs of the demo go on by themselves."""
    return utc_now


async def open_messages(visitor: Visitor) -> None:
    """Go to the conversation with the app."""
    await visitor.open("VisJob")
    await visitor.page.get_by_test_id("messages-tab").click()


def link_of(world: World, job_id: int) -> str:
    [url] = [str(job["service_url"]) for job in world.jobs() if job["job_id"] == job_id]
    return url


def modal_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_test_id("modal")


@pytest.mark.parametrize(
    ("reader", "chosen", "done"),
    [("Ana Ruiz", "Every change of state", "Subscribed to"), ("Li Na", "状态变化", "已订阅")],
)
async def test_a_job_is_watched_from_the_menu_of_a_message(
    ana: Visitor, world: World, reader: str, chosen: str, done: str
) -> None:
    await sit_as(ana, reader)
    await world.workspace.type(EXPERIMENTS, "Is resnet-sweep done?", BEN)
    question = ana.messages.filter(has_text="Is resnet-sweep done?")
    await question.hover()
    await question.get_by_test_id("message-menu").click()
    await ana.page.get_by_role("menuitem", name="Watch this job").click()
    form = modal_of(ana)
    await expect(form).to_contain_text("resnet-sweep (231)")
    await expect(form).to_contain_text("#experiments")
    await expect(form).to_contain_text(chosen)

    await form.get_by_test_id("modal-submit").click()

    await expect(form).to_contain_text(done)


async def test_a_job_is_found_by_the_shortcut_of_the_composer(ana: Visitor) -> None:
    await ana.page.get_by_role("button", name="Shortcuts").click()
    await ana.page.get_by_role("menuitem", name="Find a job").click()
    form = modal_of(ana)
    await form.get_by_role("button", name="Type a name or an id").press("ArrowDown")
    await ana.page.keyboard.type("flow")
    await ana.page.get_by_role("option", name="flowers-tb").click()

    await expect(form).to_contain_text("flowers-tb (205)")
    await expect(form).to_contain_text("JOBSTAT_RUNNING")


async def test_a_pasted_link_has_a_card_before_and_after_it_is_sent(
    ana: Visitor, world: World
) -> None:
    await ana.page.get_by_test_id("composer").fill(f"Look: {link_of(world, 205)}")
    preview = ana.page.get_by_test_id("preview")
    await expect(preview).to_contain_text("flowers-tb (205)")

    await ana.page.keyboard.press("Enter")

    await expect(preview).to_have_count(0)
    said = ana.messages.filter(has_text="Look: ")
    card = said.get_by_test_id("attachment")
    await expect(card).to_contain_text("Running")
    bar, words = await card.locator(".attachment-bar").bounding_box(), await card.bounding_box()
    assert bar
    assert words
    assert (bar["x"], bar["height"]) == (words["x"], words["height"])
    await card.get_by_role("button", name="Follow flowers-tb here").click()
    await expect(ana.main).to_contain_text("Subscribed to flowers-tb")


async def test_a_preview_can_be_removed(ana: Visitor, world: World) -> None:
    box = ana.page.get_by_test_id("composer")
    await box.fill(link_of(world, 231))
    preview = ana.page.get_by_test_id("preview")
    await expect(preview).to_contain_text("resnet-sweep (231)")

    await preview.get_by_role("button", name="Remove the preview").click()

    await expect(preview).to_have_count(0)
    await expect(box).to_have_value(link_of(world, 231))


async def test_everybody_is_answered_in_their_own_language_and_the_channel_in_its_own(
    ana: Visitor, world: World
) -> None:
    await ana.say("/visjob subscribe 205")
    await expect(ana.main).to_contain_text("Subscribed to flowers-tb")
    card = ana.messages.filter(has_text="followed by")
    await expect(card).to_contain_text("Running")

    await sit_as(ana, "Li Na")

    await expect(ana.main).not_to_contain_text("Subscribed to flowers-tb")
    await expect(card).to_contain_text("Running")
    await ana.say("/visjob 205")
    await expect(ana.messages.last).to_contain_text("运行中")
    await ana.page.reload()
    await expect(ana.page.get_by_test_id("seat")).to_contain_text("Li Na")
    await expect(ana.page.locator('[data-channel-name="secret-exp"]')).to_have_count(0)
    assert world.workspace.modal() is None


@pytest.mark.parametrize(
    ("reader", "hint", "greeting", "answer"),
    [
        (
            "Ana Ruiz",
            "No slash is needed",
            "Hello! I report on your ModelArts TensorBoard jobs.",
            "2 running",
        ),
        (
            "Li Na",
            "不需要斜杠",
            "您好！我会报告您的 ModelArts TensorBoard 作业的状态。",
            "运行中",
        ),
    ],
)
async def test_a_sentence_without_a_slash_is_answered_in_the_messages_tab(
    ana: Visitor, reader: str, hint: str, greeting: str, answer: str
) -> None:
    await sit_as(ana, reader)
    await open_messages(ana)
    await expect(ana.main).to_contain_text(hint)
    await expect(ana.page.get_by_test_id("chip").first).to_have_text("205")

    await ana.page.get_by_test_id("chip").first.click()
    await ana.page.keyboard.press("Enter")

    await expect(ana.main).to_contain_text(greeting)
    await expect(ana.main).to_contain_text("JOBSTAT_RUNNING")
    await ana.say("list running")
    await expect(ana.messages.last).to_contain_text(re.compile(answer.replace("2", r"\d+")))


async def test_what_happens_in_quiet_hours_waits_for_the_morning(ana: Visitor) -> None:
    await ana.say("/visjob subscribe 205")
    await ana.say("/visjob quiet here 22:00-08:00")
    await expect(ana.main).to_contain_text("Quiet 22:00-08:00 Europe/Berlin.")
    clock = ana.page.get_by_test_id("demo-clock")
    card = ana.messages.filter(has_text="followed by")
    await expect(card).to_contain_text("Running")

    await ana.page.get_by_test_id("moment-night").click()

    await expect(clock).to_contain_text("11:00 PM")
    await ana.cloud_job(205).get_by_test_id("cloud-push").click()
    await expect(card).to_contain_text("Stopping")
    await ana.say("/visjob why 205")
    await expect(ana.messages.last).to_contain_text(
        "What I would post here waits: quiet hours until"
    )
    told = ana.messages.filter(has_text="flowers-tb is stopping")
    await expect(told).to_have_count(0)

    await ana.page.get_by_test_id("moment-morning").click()

    await expect(clock).to_contain_text("9:00 AM")
    await expect(ana.messages.filter(has_text="Stopping").last).to_be_visible()
    await expect(ana.main.get_by_test_id("replies")).to_contain_text("1 reply")


async def test_a_reader_sees_times_as_they_are_where_they_live(ana: Visitor) -> None:
    await ana.page.get_by_test_id("moment-night").click()
    await expect(ana.page.get_by_test_id("demo-clock")).to_contain_text("11:00 PM")
    await ana.say("hello")
    await expect(ana.messages.last).to_contain_text("11:00 PM")

    await sit_as(ana, "Li Na")

    await expect(ana.messages.last).to_contain_text("6:00")
    await expect(ana.main).to_contain_text("今天")


@pytest.mark.parametrize(
    ("reader", "title", "complaint", "saved"),
    [("Ana Ruiz", "Settings", "`25:00`", "Saved."), ("Li Na", "设置", "`25:00`", "已保存")],
)
async def test_settings_are_filled_in_corrected_at_the_field_and_saved(
    ana: Visitor, reader: str, title: str, complaint: str, saved: str
) -> None:
    await sit_as(ana, reader)
    await ana.say("/visjob settings")
    form = modal_of(ana)
    await expect(form.get_by_role("heading")).to_have_text(title)
    begin, end = form.locator('[data-block-id="quiet_from"]'), form.locator(_QUIET_TO)
    await expect(begin.get_by_role("textbox")).to_have_attribute("placeholder", "22:00")
    await begin.get_by_role("textbox").fill("25:00")
    await end.get_by_role("textbox").fill("8:00")
    await form.get_by_role("checkbox").first.check()

    await form.get_by_test_id("modal-submit").click()

    await expect(begin.get_by_role("alert")).to_contain_text(complaint.strip("`"))
    await expect(end.get_by_role("alert")).to_have_count(0)
    await begin.get_by_role("textbox").fill("22:00")
    await form.get_by_test_id("modal-submit").click()
    await expect(form).to_contain_text(saved)
    await expect(form).to_contain_text("22:00")


async def test_a_form_begins_at_the_answer_of_its_first_question(ana: Visitor) -> None:
    await ana.say("/visjob settings")
    radios = modal_of(ana).get_by_role("radio")
    await expect(radios.first).to_be_focused()
    await radios.nth(1).check()
    await modal_of(ana).get_by_test_id("modal-submit").click()
    await expect(modal_of(ana).get_by_role("radio")).to_have_count(0)
    await modal_of(ana).get_by_test_id("modal-close").click()
    await expect(modal_of(ana)).to_have_count(0)

    await ana.say("/visjob settings")

    await expect(radios.nth(1)).to_be_checked()
    await expect(radios.nth(1)).to_be_focused()


_QUIET_TO = '[data-block-id="quiet_to"]'
