"""The demo's page, its dialogs at the keyboard: the focus stays inside, and Escape closes them."""

import pytest
from playwright.async_api import Locator, Route, expect

from bot.demo.workspace.cast import ME
from bot.demo.world import World
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


def modal_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_test_id("modal")


async def escape(visitor: Visitor) -> None:
    await visitor.page.keyboard.press("Escape")
    await expect(modal_of(visitor)).to_have_count(0)


async def test_the_answer_to_a_form_has_the_focus_that_its_button_had(ana: Visitor) -> None:
    await ana.say("/visjob settings")
    await expect(modal_of(ana).get_by_role("radio").first).to_be_focused()
    await modal_of(ana).get_by_test_id("modal-submit").press("Enter")
    await expect(modal_of(ana).get_by_test_id("modal-submit")).to_have_count(0)

    await expect(modal_of(ana)).to_be_focused()

    await escape(ana)
    await expect(ana.page.get_by_test_id("composer")).to_be_focused()


async def test_a_field_that_is_drawn_anew_keeps_the_focus(ana: Visitor, world: World) -> None:
    await ana.say("/visjob subscribe")
    field = modal_of(ana).get_by_role("button", name="Type a name or an id")
    await expect(field).to_be_focused()
    view = world.workspace.modal()
    assert view

    # As an app does that puts a line before the field: its place among the blocks is another.
    told = {"type": "section", "text": {"type": "plain_text", "text": "Mind the gap."}}
    changed = {**view, "blocks": [told, told, *view["blocks"]]}
    world.workspace.state.views.replace(ME, view, changed)

    await expect(modal_of(ana)).to_contain_text("Mind the gap.")
    await expect(field).to_be_focused()
    await escape(ana)


async def test_escape_closes_dialog_after_dialog_with_nothing_pressed_between(ana: Visitor) -> None:
    for _ in range(3):
        await ana.say("/visjob settings")
        await expect(modal_of(ana).get_by_role("radio").first).to_be_focused()
        await escape(ana)


async def test_escape_closes_a_dialog_whose_answer_is_awaited(ana: Visitor) -> None:
    held: list[Route] = []
    await ana.page.route("**/page/submit*", lambda route: held.append(route))
    await ana.say("/visjob settings")
    submit = modal_of(ana).get_by_test_id("modal-submit")
    await submit.press("Enter")
    await expect(submit).to_have_attribute("aria-busy", "true")

    await escape(ana)

    (route,) = held
    await route.fulfill(json={})


async def test_escape_closes_a_list_first_and_then_its_dialog(ana: Visitor) -> None:
    await ana.say("/visjob subscribe")
    field = modal_of(ana).get_by_role("button", name="Type a name or an id")
    await field.press("ArrowDown")
    await expect(ana.page.get_by_role("combobox")).to_be_focused()

    await ana.page.keyboard.press("Escape")

    await expect(ana.page.get_by_role("combobox")).to_have_count(0)
    await expect(field).to_be_focused()
    await escape(ana)


async def test_escape_closes_the_question_alone_and_leaves_its_dialog(ana: Visitor) -> None:
    await ana.open("VisJob")
    card = ana.page.get_by_test_id("home").get_by_role("button", name="More actions").nth(1)
    await ana.choose_of_row(1, "Show job")
    stop = modal_of(ana).get_by_role("button", name="Stop flowers-tb")
    await stop.press("Enter")
    question = ana.page.get_by_test_id("confirm-dialog")
    await expect(question).to_be_visible()

    await ana.page.keyboard.press("Escape")

    await expect(question).to_have_count(0)
    await expect(stop).to_be_focused()
    await escape(ana)
    await expect(card).to_be_focused()
