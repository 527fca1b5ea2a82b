"""The demo's page in a real browser: what a person types, presses and sees."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.core.text import NO_BREAK
from bot.demo.workspace.cast import EXPERIMENTS, GENERAL, ME
from bot.demo.world import World
from tests.browser.visitor import Visitor
from tests.fakes import ManualClock

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_typed_command_shows_a_card_with_state_duration_and_link(ana: Visitor) -> None:
    card = await ana.ask("/visjob 205")

    await expect(card).to_contain_text("Only visible to you")
    await expect(card).to_contain_text("flowers-tb (205)")
    await expect(card).to_contain_text("Running · 2 h 14 min")
    await expect(card).to_contain_text("JOBSTAT_RUNNING")
    link = card.get_by_role("link")
    await expect(link).to_have_text("Open TensorBoard")
    await expect(link).to_have_attribute("href", re.compile(r"^https://.*/205/$"))
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.slow
async def test_refresh_draws_the_same_note_anew(ana: Visitor, clock: ManualClock) -> None:
    card = await ana.ask("/visjob 205")
    await expect(card).to_contain_text("2 h 14 min")
    clock.now += timedelta(minutes=3)

    menu = card.get_by_role("button", name="More actions")
    # Reads of the cloud are shared for a while.
    while "2 h 17 min" not in (await card.inner_text()).replace(NO_BREAK, " "):
        await menu.click()
        await ana.page.get_by_role("menuitem", name="Refresh").click()
        await expect(menu).to_be_visible()

    await expect(ana.messages).to_have_count(1)


@pytest.mark.slow
async def test_stop_asks_before_it_acts(ana: Visitor) -> None:
    card = await ana.ask("/visjob 205")
    await card.get_by_role("button", name="Stop flowers-tb").click()
    dialog = ana.page.get_by_role("alertdialog").or_(ana.page.get_by_role("dialog"))
    await expect(dialog).to_contain_text("The page closes for everybody")
    await dialog.get_by_role("button", name="Keep running").click()
    await expect(card).to_contain_text("Running")

    await card.get_by_role("button", name="Stop flowers-tb").click()
    await dialog.get_by_role("button", name="Stop job").click()

    await expect(card).to_contain_text("Stopping flowers-tb (205), asked by")


@pytest.mark.slow
async def test_picking_from_a_list_opens_that_job(ana: Visitor) -> None:
    listed = await ana.ask("/visjob list running")
    await expect(listed).to_contain_text("3 running jobs.")
    await listed.get_by_role("button", name="Show one…").click()

    await ana.page.get_by_role("option", name="resnet-sweep").click()

    await expect(listed).to_contain_text("resnet-sweep (231)")
    await expect(listed).to_contain_text("1 d 2 h")


@pytest.mark.slow
async def test_typing_at_the_focused_search_finds_a_job(ana: Visitor) -> None:
    box = await ana.ask("/visjob find")
    await box.get_by_role("button", name="Type a name or an id").focus()
    await ana.page.keyboard.type("flow")
    await expect(ana.page.get_by_role("combobox")).to_have_value("flow")
    options = ana.page.get_by_role("option")
    await expect(options).to_have_count(1)
    await expect(options).to_contain_text("flowers-tb (205)")

    await options.click()

    await expect(box).to_contain_text("flowers-tb (205)")


@pytest.mark.slow
async def test_a_form_is_filled_in_corrected_and_answered(ana: Visitor) -> None:
    await ana.say("/visjob subscribe")
    form = ana.page.get_by_test_id("modal")
    await expect(form.get_by_role("button", name="Choose a channel: #experiments")).to_be_visible()
    await form.get_by_role("button", name="Type a name or an id").click()
    await ana.page.keyboard.type("flow")
    await ana.page.get_by_role("option").click()
    await form.get_by_label("On the card alone, without messages").check()
    end = form.locator('[data-block-id="until"] input')
    await end.fill("2020-01-01T18:00")
    await ana.page.get_by_test_id("modal-submit").click()
    await expect(form.get_by_role("alert")).to_have_text("That moment is over. Choose a later one.")

    await end.fill("")
    await ana.page.get_by_test_id("modal-submit").click()

    await expect(form).to_contain_text("Subscribed to flowers-tb")
    await expect(form).to_contain_text("on its card alone")


@pytest.mark.slow
async def test_a_shared_card_is_for_everybody_in_the_channel(ana: Visitor, world: World) -> None:
    note = await ana.ask("/visjob 205")

    await note.get_by_role("button", name="More actions").click()
    await ana.page.get_by_role("menuitem", name="Share here").click()

    shared = ana.main.get_by_test_id("message")
    await expect(shared).to_contain_text("flowers-tb (205)")
    await expect(shared).to_contain_text("shared by @ana")
    (said,) = world.workspace.messages(EXPERIMENTS)
    await expect(shared).to_have_attribute("data-ts", said["ts"])


@pytest.mark.slow
async def test_a_typo_is_answered_with_a_button_that_does_what_was_meant(ana: Visitor) -> None:
    doubt = await ana.ask("/visjob lst running")
    await expect(doubt).to_contain_text("Did you mean list running?")

    await doubt.get_by_role("button", name="list running").click()

    await expect(doubt).to_contain_text("3 running jobs.")


@pytest.mark.slow
async def test_the_home_tab_lists_running_jobs_and_opens_one_in_a_modal(ana: Visitor) -> None:
    await ana.open("VisJob")
    home = ana.page.get_by_test_id("home")
    await expect(home).to_contain_text("Running now")
    await expect(home).to_contain_text("resnet-sweep (231) · Running · 1 d 2 h")

    await ana.choose_of_row(1, "Show job")

    modal = ana.page.get_by_test_id("modal")
    await expect(modal).to_contain_text("flowers-tb (205)")
    await modal.get_by_test_id("modal-close").click()
    await expect(modal).to_have_count(0)


@pytest.mark.slow
async def test_a_mention_in_a_thread_is_answered_in_that_thread(ana: Visitor) -> None:
    question = await ana.ask("Is the sweep done?")
    await question.hover()
    await question.get_by_test_id("reply").click()
    thread = ana.page.get_by_test_id("thread-pane")
    await thread.get_by_test_id("thread-composer").fill("@visjob resnet")

    await ana.page.keyboard.press("Enter")

    await expect(thread.get_by_test_id("ephemeral")).to_contain_text("resnet-sweep (231)")
    await expect(ana.main.get_by_test_id("ephemeral")).to_have_count(0)


@pytest.mark.slow
async def test_details_open_from_the_menu_of_a_card(ana: Visitor) -> None:
    card = await ana.ask("/visjob 205")
    await card.get_by_role("button", name="More actions").click()
    for _ in ("Refresh", "Share here", "Show what was posted", "History"):
        await ana.page.keyboard.press("ArrowDown")
    await ana.page.keyboard.press("Enter")

    modal = ana.page.get_by_test_id("modal")
    await expect(modal).to_contain_text("resource_id")
    await expect(modal).to_contain_text("/wph-test/Flowers-Set/ApiTest/")
    await expect(card).to_contain_text("flowers-tb (205)")


@pytest.mark.slow
async def test_a_job_is_followed_from_home_in_place(ana: Visitor) -> None:
    await ana.open("VisJob")
    home = ana.page.get_by_test_id("home")
    await ana.choose_of_row(1, "Subscribe by DM")

    await expect(home).to_contain_text("1 subscription.")
    await expect(ana.page.get_by_test_id("modal")).to_have_count(0)
    await ana.choose_of_row(1, "Unsubscribe")
    await expect(home).to_contain_text("Nothing yet.")


@pytest.mark.slow
async def test_a_hostile_job_is_drawn_as_letters(ana: Visitor) -> None:
    card = await ana.ask("/visjob 666")

    await expect(card).to_contain_text("<!channel> *bold* <http://evil|x> & `code` @here")
    await expect(card.locator("a")).to_have_count(0)
    await expect(card.locator(_MENTIONS)).to_have_count(0)


@pytest.mark.slow
async def test_the_page_draws_real_mentions_and_links_as_such(ana: Visitor) -> None:
    said = await ana.ask("@ben, #general has http://example.org")

    await expect(said.locator(_MENTIONS)).to_have_text(["@ben", "#general"])
    await expect(said.locator("a")).to_have_attribute("href", "http://example.org")


@pytest.mark.slow
async def test_a_pushed_job_changes_its_row_and_the_next_card_says_so(ana: Visitor) -> None:
    row = ana.cloud_job(231)
    await expect(row).to_have_attribute("data-status", "8")

    await row.get_by_test_id("cloud-push").click()

    await expect(row).to_have_attribute("data-status", "9")
    await expect(row).to_contain_text("Stopping")
    card = await ana.ask("/visjob 231")
    await expect(card).to_contain_text("Stopping")
    await expect(card).to_contain_text("JOBSTAT_KILLING")
    await expect(card.get_by_role("link")).to_have_count(0)


@pytest.mark.slow
async def test_an_ended_job_takes_a_restart(ana: Visitor) -> None:
    row = ana.cloud_job(188)
    await expect(row).to_contain_text("Finished")

    await row.get_by_role("button", name="Restart vae-digits").click()

    await expect(row).to_contain_text("Queued")


@pytest.mark.slow
async def test_the_cloud_can_be_switched_off_and_on_again(ana: Visitor) -> None:
    switch = ana.page.get_by_test_id("trouble-cloud")
    await expect(switch).to_have_attribute("aria-checked", "false")

    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    await expect(await ana.ask("/visjob 205")).to_contain_text("ModelArts isn't answering")

    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await expect(await ana.ask("/visjob 231")).to_contain_text("resnet-sweep")


@pytest.mark.slow
async def test_a_channel_is_named_by_its_name(ana: Visitor) -> None:
    said = await ana.ask("/visjob subscribe 231 in #secret-exp")

    await expect(said.locator(_MENTIONS)).to_have_text(["#secret-exp"] * 2)
    await expect(said).to_contain_text("/invite @visjob")


@pytest.mark.slow
async def test_a_command_can_be_completed_and_sent_with_keys_alone(ana: Visitor) -> None:
    await ana.page.keyboard.type("/vis")
    await expect(ana.page.get_by_test_id("completions")).to_contain_text("/visjob")
    await ana.page.keyboard.press("Tab")

    await ana.page.keyboard.type("resnet")
    await ana.page.keyboard.press("Enter")

    await expect(ana.messages).to_contain_text("resnet-sweep (231)")
    await expect(ana.page.get_by_test_id("composer")).to_be_focused()


@pytest.mark.slow
async def test_a_message_in_another_channel_is_marked_unread_until_it_is_read(
    ana: Visitor, world: World
) -> None:
    general = ana.page.locator('[data-channel-name="general"]')
    await world.workspace.type(GENERAL, "Seminar today at three.", user=_CHLOE)
    await expect(general).to_have_class(re.compile("unread"))
    await expect(general).to_have_text("general")
    await world.workspace.type(GENERAL, f"<@{ME}>, do you come?", user=_CHLOE)
    await expect(general).to_have_text("general1")

    await general.click()

    await expect(ana.messages.first).to_contain_text("Seminar today at three.")
    await expect(general).not_to_have_class(re.compile("unread"))
    await expect(general).to_have_text("general")


@pytest.mark.slow
@pytest.mark.parametrize("way_out", ["escape", "a tap outside"])
async def test_on_a_narrow_screen_the_channels_are_a_drawer_that_closes(
    ana: Visitor, way_out: str
) -> None:
    await ana.page.set_viewport_size({"width": 390, "height": 780})
    sidebar = ana.page.get_by_role("navigation", name="Conversations")
    await ana.page.get_by_role("button", name="Channels").click()
    await expect(sidebar).to_be_visible()

    if way_out == "escape":
        await ana.page.keyboard.press("Escape")
    else:
        await ana.page.mouse.click(370, 400)

    await expect(sidebar).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("compact", [False, True], ids=["headed", "compact"])
async def test_on_a_narrow_screen_the_tools_of_a_message_cover_no_text(
    ana: Visitor, compact: bool
) -> None:
    await ana.page.get_by_test_id("cloud-toggle").click()
    await ana.page.set_viewport_size({"width": 390, "height": 780})
    if compact:
        await ana.ask("First things first.")
    said = await ana.ask("word " * 60)
    tools = said.locator(".message-tools")
    await expect(tools).to_have_css("opacity", "0")

    await said.hover()

    await expect(tools).to_have_css("opacity", "1")
    assert await said.evaluate(_WORDS_UNDER_TOOLS) == 0


@pytest.mark.slow
async def test_a_sentence_in_the_messages_tab_is_answered_there(ana: Visitor) -> None:
    await ana.page.locator('[data-channel-name="VisJob"]').click()
    await ana.page.get_by_test_id("messages-tab").click()

    await ana.say("205")

    await expect(ana.main).to_contain_text("JOBSTAT_")
    await expect(ana.main).to_contain_text("Hello! I report on your ModelArts TensorBoard jobs.")


@pytest.mark.slow
async def test_the_theme_can_be_changed_and_is_kept(ana: Visitor) -> None:
    page, root = ana.page, ana.page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    light_ink = await page.evaluate(_INK)

    await page.get_by_test_id("theme-toggle").click()

    await expect(root).to_have_attribute("data-theme", "dark")
    assert await page.evaluate(_INK) != light_ink
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.slow
async def test_a_dismissed_note_is_gone(ana: Visitor) -> None:
    note = await ana.ask("/visjob 205")

    await note.get_by_test_id("dismiss").click()

    await expect(ana.messages).to_have_count(0)


@pytest.mark.slow
async def test_a_reloaded_page_shows_what_was_said(ana: Visitor) -> None:
    await ana.say("/visjob 205 share")
    command, card = ana.messages.nth(0), ana.messages.nth(1)
    await expect(card).to_contain_text("flowers-tb")

    await ana.page.reload()

    await expect(command).to_contain_text("/visjob 205 share")
    await expect(card).to_contain_text("flowers-tb")


@pytest.mark.slow
async def test_a_line_to_try_is_written_but_not_yet_sent(ana: Visitor) -> None:
    await ana.page.get_by_test_id("chip").first.click()

    await expect(ana.page.get_by_test_id("composer")).to_have_value("/visjob 205")
    await expect(ana.messages).to_have_count(0)


@pytest.mark.slow
async def test_the_page_may_speak_to_nobody_else(ana: Visitor) -> None:
    outcome = await ana.page.evaluate("fetch('http://127.0.0.1:9/').catch(String)")

    assert "Failed to fetch" in outcome
    assert any("Content Security Policy" in complaint for complaint in ana.complaints)
    ana.complaints.clear()


_CHLOE = "U0CHLOE001"
_MENTIONS = "[data-user-id], [data-channel-id], [data-usergroup-id], [class*=broadcast]"
_INK = "getComputedStyle(document.querySelector('main')).color"
# How many lines of a message lie under its tools.
_WORDS_UNDER_TOOLS = """message => {
  const tools = message.querySelector(".message-tools").getBoundingClientRect();
  const said = document.createRange();
  said.selectNodeContents([...message.querySelectorAll(".message-main span")].at(-1));
  return [...said.getClientRects()].filter(
    ({ top, right, bottom }) => right > tools.left && top < tools.bottom && bottom > tools.top
  ).length;
}"""
