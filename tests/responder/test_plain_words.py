"""Sentences in plain words, typed after the command and said in a mention."""

import pytest

from tests.make import OURS
from tests.responder.test_subscriber import World
from tests.responder.test_wishes import answer

SHOWN = "flowers-tb has been running for"


@pytest.fixture
async def world() -> World:
    world = World()
    await world.catalog.sweep(OURS)
    return world


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        # A job by id and by name.
        ("205 flowers-tb", SHOWN),
        ("flowers-tb 205", SHOWN),
        ("flowers-tb · 205", SHOWN),
        ("#205 - Flowers-TB", SHOWN),
        ("id:205 flowers-tb", SHOWN),
        ("197 apiTest-11", "apiTest-11 has been queued"),
        ("stop 205 flowers-tb", "Stop flowers-tb (205)?"),
        ("details flowers-tb 205", "flowers-tb has been running for"),
        # Courtesy, and a quotation mark without a partner.
        ("205 please", SHOWN),
        ("205, thank you!", SHOWN),
        ("stop 205 please", "Stop flowers-tb (205)?"),
        ("205 谢谢", SHOWN),
        ('"205', SHOWN),
        ("“flowers-tb", SHOWN),
        # Remarks and greetings.
        ("good morning", "I report on your ModelArts TensorBoard jobs. For example:"),
        ("what can you do?", "I report on your ModelArts TensorBoard jobs. For example:"),
        ("who are you", "I report on your ModelArts TensorBoard jobs. For example:"),
        ("show all running jobs", "3 running jobs."),
        # A job that is not named.
        ("stop it", "`stop` needs a job. Which one?"),
        ("keep it till 6pm", "`keep` needs a job. Which one?"),
        ("list subscriptions", "Nothing is followed here."),
        # Money.
        ("how much did 205 cost?", "flowers-tb (205)"),
        ("what does flowers-tb cost this month", "flowers-tb (205)"),
        ("how much did we spend this week?", "I saw no followed job running"),
        ("how expensive is a new cluster of 205?", SHOWN),
        # A refusal.
        ("don't stop 205", SHOWN),
        ("do not stop 205", SHOWN),
        ("never stop 205", SHOWN),
    ],
)
async def test_plain_words_are_understood(
    world: World, typed: str, begins: str, *, is_mention: bool
) -> None:
    words, _ = await answer(world, typed, is_mention=is_mention)

    assert words.replace("\u00a0", " ").startswith(begins)


#: What is typed, and the sentences that the buttons say beside Help.
OFFERED = {
    "205 flowers-xl": ["205", "flowers-xl"],
    "stop 205 and restart 231": ["stop 205", "restart 231"],
    "stop 205; restart 231": ["stop 205", "restart 231"],
    "restart 205 or 231?": ["restart 205", "restart 231"],
    "subscribe to flowers-tb, flowers-xl": ["subscribe flowers-tb", "subscribe flowers-xl"],
    "stop telling me about 205": ["unsubscribe 205", "snooze 205 4h"],
    "subscribe me to 205": ["subscribe 205 in dm", "subscribe 205"],
    "kill 205": ["stop 205"],
    "flowers tb": ["flowers-tb"],
    "Flowers . XL?": ["flowers-xl"],
    "subscribe flowers tb for failed": ["subscribe flowers-tb for failed"],
    "extend 205 4h": ["keep 205 4h"],
    "speak chinese": ["settings language zh-CN"],
    "language zh": ["settings language zh-CN"],
    "subscribe to failures": ["subscribe project for failures"],
    "stop everything": ["list running"],
    "stop all running jobs": ["list running"],
    "restart all": ["list failed"],
    "kill": ["stop"],
    "start 231": ["restart 231"],
    "describe 205": ["details 205"],
    "logs": ["history"],
    "link": ["show"],
    "unclaim 205": ["disclaim 205"],
    "mine": ["claim"],
}


@pytest.mark.parametrize("is_mention", [False, True])
@pytest.mark.parametrize("typed", OFFERED)
async def test_what_may_be_meant_is_offered(world: World, typed: str, *, is_mention: bool) -> None:
    _, offered = await answer(world, typed, is_mention=is_mention)

    assert offered == OFFERED[typed]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("stop this job", ["stop"]),
        ("stop the job 205", ["stop 205"]),
        ("subscribe the project", ["subscribe project"]),
        ("subscribe all jobs", ["subscribe project"]),
        ("subscribe 205 205", ["subscribe 205"]),
        ("open tensorboard for 205", ["205"]),
        ("stop all jobs", ["list running"]),
        ("jobs", ["list"]),
    ],
)
async def test_a_command_with_too_many_words_is_offered_without_them(
    world: World, typed: str, offered: list[str]
) -> None:
    assert (await answer(world, typed, is_mention=False))[1] == offered


async def test_a_text_to_search_for_keeps_its_words(world: World) -> None:
    card = await world.say("list 205 flowers-tb")

    assert "205 flowers-tb" in str(card.summary)
