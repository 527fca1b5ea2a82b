"""`unsubscribe all` and its Undo, in the running bot: Undo restores all subscriptions at once."""

import pytest

from tests.story.test_pressed import labels
from tests.world import World, said

FOLLOWED = (
    "205 for failures", "231 for running,failed as card until 2d", "flow* as channel",
    "bert-* for all", "project for failed,stuck,cost",
)  # fmt: skip


async def exported(world: World, where: str = "here") -> str:
    return said((await world.type(f"/visjob subscriptions {where} export"))["blocks"])


async def ended(world: World, sentence: str) -> None:
    """Type a sentence, and confirm it if the bot asks first."""
    asked = await world.type(f"/visjob {sentence}")
    if "Unsubscribe" in labels(asked) or '"Unsubscribe"' in said(asked):
        await world.click(asked, "Unsubscribe")


async def follow(world: World, sentences: tuple[str, ...], more: str = "") -> None:
    for sentence in sentences:
        assert "ubscribed to" in (await world.type(f"/visjob subscribe {sentence}{more}"))["text"]


@pytest.mark.parametrize(("more", "where"), [("", "here"), (" in dm", "mine")])
async def test_one_undo_brings_back_all_in_the_same_terms(
    world: World, more: str, where: str
) -> None:
    await follow(world, FOLLOWED, more)
    before = await exported(world, where)

    await ended(world, f"unsubscribe all{more}")
    answer = world.whispers()[-1]
    assert "no longer" in answer["text"]
    await world.click(answer, "Undo")

    restored = world.whispers()[-1]["text"]
    assert "flowers-tb (205)" in restored
    assert "every job of the project" in restored
    assert await exported(world, where) == before


async def test_what_no_sentence_holds_comes_back_line_by_line(world: World) -> None:
    await follow(world, tuple(f"pattern-number-{number}-*" for number in range(20)))

    await ended(world, "unsubscribe all")

    answer = world.whispers()[-1]
    assert "Undo" not in said(answer)
    assert "subscribe pattern-number-19-*" in said(answer)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("subscribe 205 in dm; subscribe flow*", "You get flowers-tb (205) and jobs named"),
        ("subscribe 205; subscribe 231 in dm", "I can't read that as several subscriptions"),
        ("subscribe 205; subscribe", "I can't read that as several subscriptions"),
        ("subscribe 205 preview; subscribe 231", "I can't read that as several subscriptions"),
        ("subscribe 205; subscribe nobody", "I don't know a job called `nobody`."),
        ("subscribe 205 for failed; deleted", "Subscribed to flowers-tb (205)."),
    ],
)
async def test_several_are_typed_in_one_sentence(world: World, sentence: str, says: str) -> None:
    assert (await world.type(f"/visjob {sentence}"))["text"].startswith(says)
