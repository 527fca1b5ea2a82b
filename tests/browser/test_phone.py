"""The demo's page on the screen of a phone: what is listed there, and how much is seen at once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.demo.workspace.cast import ME
from bot.demo.world import World
from tests.browser.visitor import Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

# The words of each drawn line, from above: where a word stands lower, another line begins.
_DRAWN_LINES = """box => {
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT)
  const lines = new Map()
  while (texts.nextNode()) {
    const node = texts.currentNode
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      const [where] = range.getClientRects()
      if (!where || !node.data[at].trim()) continue
      const top = Math.round(where.bottom / 8)
      lines.set(top, (lines.get(top) || "") + node.data[at])
    }
  }
  return [...lines.values()]
}"""
_HEIGHT = "box => box.getBoundingClientRect().height"
_ROWS_OF_BUTTONS = """home => [...home.querySelectorAll(".actions")].map(
  row => new Set([...row.querySelectorAll("button")].map(
    one => Math.round(one.getBoundingClientRect().top))).size)"""


@pytest_asyncio.fixture(loop_scope="module", params=["en-US", "zh-CN"])
async def phone(
    request: pytest.FixtureRequest, browser: Browser, world: World
) -> AsyncIterator[Visitor]:
    world.workspace.state.people[ME].locale = request.param
    async with visiting(browser, world) as visitor:
        await visitor.page.get_by_test_id("cloud-toggle").click()
        await visitor.page.set_viewport_size({"width": 390, "height": 844})
        yield visitor


@pytest.mark.parametrize("sentence", ["/visjob list", "/visjob 231"])
async def test_no_line_ends_in_a_dot_that_belongs_to_the_next(
    phone: Visitor, sentence: str
) -> None:
    answer = await phone.ask(sentence)
    lines = await answer.evaluate(_DRAWN_LINES)

    assert len(lines) > 1
    assert [line for line in lines if line.endswith("·")] == []


async def test_all_commands_are_seen_at_once(phone: Visitor) -> None:
    answer = await phone.ask("/visjob help")
    pane = phone.main.locator(".message-list")

    assert await answer.evaluate(_HEIGHT) <= await pane.evaluate("box => box.clientHeight")
    for seen in (answer.get_by_text("VisJob", exact=True), answer.get_by_role("button").last):
        await expect(seen).to_be_in_viewport()


async def test_a_row_of_home_has_its_buttons_beside_one_another(phone: Visitor) -> None:
    await phone.page.set_viewport_size({"width": 1000, "height": 844})
    await phone.open("VisJob")
    await phone.page.set_viewport_size({"width": 390, "height": 844})
    home = phone.page.get_by_test_id("home")
    await expect(home).to_contain_text("resnet-sweep (231)")

    assert set(await home.evaluate(_ROWS_OF_BUTTONS)) == {1}
    assert [line for line in await home.evaluate(_DRAWN_LINES) if line.endswith("·")] == []
