"""Wishes and questions in people's own words: understood, and nothing happens without a press."""

import pytest

from bot.core.cards.card import Action
from bot.core.commands.request import Request
from tests.make import ANA, OURS, TEAM
from tests.responder.test_subscriber import World
from tests.watch_fakes import CHANNEL

ENDS = "for failed,stopped,finished"
#: What is typed, and the sentences that the buttons say beside Help. There are flowers-tb (205) and
#: flowers-xl (231).
OFFERED = {
    "notify me when 205 finishes": [f"subscribe 205 {ENDS} in dm"],
    "tell me when flowers-tb is done": [f"subscribe flowers-tb {ENDS} in dm"],
    "let me know once 231 has completed, thanks": [f"subscribe 231 {ENDS} in dm"],
    "dm me after job 205 ends": [f"subscribe 205 {ENDS} in dm"],
    "ping me if 231 fails": ["subscribe 231 for failed in dm"],
    "could you please alert me if flowers-xl crashes?": ["subscribe flowers-xl for failed in dm"],
    "when 205 is ready, message me": ["subscribe 205 for running in dm"],
    "warn me if 205 hangs or fails": ["subscribe 205 for failed,stuck in dm"],
    "tell us when 205 is deleted": ["subscribe 205 for deleted"],
    "notify us whenever 205 changes": ["subscribe 205 for changes"],
    "send me a message when 205 stops": [f"subscribe 205 {ENDS} in dm"],
    "notify me when 205 and 231 are done": [
        f"subscribe 205 {ENDS} in dm",
        f"subscribe 231 {ENDS} in dm",
    ],
    "lmk when 205 is done": [f"subscribe 205 {ENDS} in dm"],
    "205 ping me when done": [f"subscribe 205 {ENDS} in dm"],
    "keep us updated on 205": ["subscribe 205"],
    "send me updates on 205": ["subscribe 205 in dm"],
    "post updates about 205 here": ["subscribe 205"],
    "enable notifications for 205": ["subscribe 205 in dm"],
    "notify this channel when 205 fails": ["subscribe 205 for failed"],
    "tell me when flowers-x finishes": [f"subscribe flowers-x {ENDS} in dm"],
    # Of these, only the job is understood.
    "notify 205": ["subscribe 205 in dm"],
    "ping me about flowers-tb": ["subscribe flowers-tb in dm"],
    "notify me when 205 is no longer running": ["subscribe 205 in dm"],
    "tell me when 205 reaches 10k steps": ["subscribe 205 in dm"],
    "I want to know when 205 finishes": [f"subscribe 205 {ENDS} in dm"],
    "notify #C0EXP00001 when 231 fails": ["subscribe 231 for failed in #C0EXP00001"],
    "notify @bob when 231 fails": ["subscribe 231 for failed"],
    "inform me about failures of 205": ["subscribe 205 for failed in dm"],
    "notify me when it finishes": [f"subscribe {ENDS} in dm"],
    "tell me when it's done": [f"subscribe {ENDS} in dm"],
    "ping us if it fails": ["subscribe for failed"],
    "wake me when 205 is done": [f"subscribe 205 {ENDS} in dm"],
    # No reminder comes at a time of their own.
    "remind me about 205 in 2h": ["subscribe 205 for stuck,cost in dm"],
    "remind me tomorrow of flowers-tb": ["subscribe flowers-tb for stuck,cost in dm"],
    "remind me to stop 205 at 18:00": ["subscribe 205 for stuck,cost in dm"],
    "set a reminder for 231": ["subscribe 231 for stuck,cost in dm"],
    "notify me if 205 is still running in 4h": ["subscribe 205 for stuck,cost in dm"],
    "remind me in 30 minutes about 231": ["subscribe 231 for stuck,cost in dm"],
    "notify me 10 minutes before 205 ends": ["subscribe 205 for stuck,cost in dm"],
    "remind me in 2h": ["subscribe for stuck,cost in dm"],
    "2小时后提醒我205": ["subscribe 205 for stuck,cost in dm"],
    "如果231失败了，请告诉我": ["subscribe 231 for failed in dm"],
    "205有变化时通知我": ["subscribe 205 for changes in dm"],
    "任务205运行完成后请通知我一声": [f"subscribe 205 {ENDS} in dm"],
    "205卡住就提醒我": ["subscribe 205 for stuck in dm"],
    "205和231跑完通知我": [f"subscribe 205 {ENDS} in dm", f"subscribe 231 {ENDS} in dm"],
    # Nobody knows this job.
    "notify me when 999 finishes": [],
    "999完成时通知我": [],
}


async def answer(world: World, text: str, *, is_mention: bool) -> tuple[str, list[str]]:
    request = Request(
        text=f"@visjob {text}" if is_mention else text,
        team_id=TEAM,
        user_id=ANA,
        channel_id=CHANNEL,
        is_mention=is_mention,
    )
    card = (await world.responder.respond(request)).card
    said = [one.command.text for one in card.controls if isinstance(one, Action)]
    return str(card.summary), [text for text in said if text != "help"]


@pytest.fixture
async def world() -> World:
    world = World()
    await world.catalog.sweep(OURS)
    return world


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize("typed", OFFERED)
async def test_a_wish_is_met_with_the_subscription_and_nothing_is_subscribed(
    world: World, typed: str, *, is_mention: bool
) -> None:
    words, offered = await answer(world, typed, is_mention=is_mention)

    assert offered == OFFERED[typed]
    assert world.subscriptions.kept == []
    assert words.startswith(("A subscription does that.", "I can't remind you at a set time"))
    assert "subscribe" in words


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize(
    "typed",
    [
        "tell me about 205",
        "tell me if 205 is running",
        "tell me the state of 205",
        "can you email the logs of 205 to me?",
        "don't notify me when 205 finishes",
        "告诉我205的状态",
        "status of 205",
        "status for flowers-tb please",
        "status job 205",
        "205 status",
    ],
)
async def test_a_question_about_now_is_answered_with_the_card(
    world: World, typed: str, *, is_mention: bool
) -> None:
    words, _ = await answer(world, typed, is_mention=is_mention)

    assert words.startswith("flowers-tb has been running")


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize(
    "typed",
    [
        "why did 205 fail",
        "why is flowers-tb stuck?",
        "why 205 failed",
        "why hasn't job 205 started yet",
        "why was I not notified about 205?",
        "why does 205 keep crashing",
    ],
)
async def test_a_question_why_is_about_its_job(
    world: World, typed: str, *, is_mention: bool
) -> None:
    words, _ = await answer(world, typed, is_mention=is_mention)

    assert words.startswith("flowers-tb (205) has been running for 2 h 14 min.")
    assert "The channel does not follow it." in words


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("205\n231", ["205", "231"]),
        ("\n205\nflowers-xl", ["205", "flowers-xl"]),
        ("how is 205?\n\n231 please", ["205", "231"]),
        ("why 205\nwhy 231", ["why 205", "why 231"]),
        ("subscribe 205\nsubscribe 231 for failed", ["subscribe 205", "subscribe 231 for failed"]),
        ("stop 205\nkeep 231 4h", ["stop 205", "keep 231 4h"]),
    ],
)
async def test_lines_that_ask_for_several_things_are_all_offered(
    world: World, typed: str, offered: list[str]
) -> None:
    words, found = await answer(world, typed, is_mention=True)

    assert found == offered
    assert "one at a time" in words
    assert world.subscriptions.kept == []


@pytest.mark.parametrize(
    "typed",
    [
        "205\nthanks a lot!",
        "205\n205",
        "205\n> 231",
        "205\nit failed like 231 did last week",
        "205\nsubscribe it",
    ],
)
async def test_a_line_that_only_tells_something_asks_for_nothing(world: World, typed: str) -> None:
    words, _ = await answer(world, typed, is_mention=True)

    assert words.startswith("flowers-tb has been running")
