"""No answer names a private channel to a person who is not (any more) in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.workspace.cast import EXPERIMENTS, HIDDEN, ME
from tests.story.test_invited import greeted, invite
from tests.world import World, open_world, said, settle

#: A sentence in another channel, and whether the answer names the private channel to its members.
SENTENCES = {
    **dict.fromkeys(
        ("subscriptions all", "subscriptions mine", "subscriptions mine export", "status letters",
         "audit 50"), True),
    **dict.fromkeys(
        ("205", "details 205", "why 205", "history 205", "cost", "list", "wake", "snooze",
         "subscriptions", "subscribe 205 preview", "copy all to dm", "settings", "status",
         "stop 205", "redeliver all"), False),
}  # fmt: skip


@pytest.fixture
async def secretive(tmp_path: Path) -> AsyncIterator[World]:
    """A world with a private channel that has rules, an undelivered message and a refused stop."""
    async with open_world(tmp_path, VISJOB_OPERATORS=ME) as made:
        world = await settle(made)
        await invite(world, HIDDEN)
        await greeted(world)
        await world.workspace.type(HIDDEN, "/visjob quiet here 22:00-22:05")
        world.workspace.faults.add(
            "error", method="chat.postMessage", channel=HIDDEN, error="msg_too_long"
        )
        await world.workspace.type(HIDDEN, "/visjob subscribe 205")
        await world.workspace.type(HIDDEN, "/visjob stop 205 #f00f")
        await world.workspace.until(lambda: world.workspace.faults.injected)
        yield world


async def names_it(world: World, sentence: str) -> bool:
    seen = await world.workspace.type(EXPERIMENTS, f"/visjob {sentence}")
    modal = world.workspace.modal()
    assert seen or modal
    answer = said({"seen": seen, "modal": modal})
    return HIDDEN in answer or "secret-exp" in answer


@pytest.mark.parametrize(
    "sentences", [[one for one, names in SENTENCES.items() if names], list(SENTENCES)]
)
async def test_no_answer_names_it_to_who_left_it(secretive: World, sentences: list[str]) -> None:
    is_member = len(sentences) < len(SENTENCES)
    if not is_member:
        await secretive.workspace.admin.kick(HIDDEN, ME)
        secretive.clock.advance(seconds=61)

    named = [one for one in sentences if await names_it(secretive, one)]

    assert named == (sentences if is_member else [])


async def test_home_names_it_while_one_is_in_it_alone(secretive: World) -> None:
    assert HIDDEN in said(await secretive.home())

    await secretive.workspace.admin.kick(HIDDEN, ME)
    secretive.clock.advance(seconds=61)
    await secretive.workspace.type(EXPERIMENTS, "/visjob subscribe 231")
    await secretive.workspace.open_home()

    def redrawn() -> str:
        home = said(secretive.workspace.home() or {})
        return home if "2 subscriptions" in home else ""

    home = await secretive.workspace.until(redrawn)
    assert "a channel that you can't see" in home
    assert HIDDEN not in home
