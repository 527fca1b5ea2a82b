"""Suggestions lead somewhere: to a command, or to a job that exists."""

import pytest

from bot.core.cards.card import Action
from bot.core.commands.grammar import parse
from bot.core.errors import BadCommand
from bot.responder.suggestions import is_real, with_real_suggestions
from tests.make import OURS, a_job
from tests.responder.test_subscriber import World

#: What is typed, and the sentences that the buttons say beside Help. There are flowers-tb (205),
#: flowers-xl (231), 197 (812) and apiTest-11 (197).
SUGGESTED = {
    # The second word is no job.
    "nonsense xyz0": [],
    "nonsense flowers-tb": ["flowers-tb"],
    "nonsense flowers-x": ["flowers-x"],
    "nonsense 206": [],
    "nonsense 205": ["205"],
    "wacth xyz0": [],
    "wacth 205": ["subscribe 205", "unsubscribe 205"],
    "snoze flowers-tb 4h": ["snooze flowers-tb 4h"],
    "snoze zzz 4h": [],
    # The second word is no job, the first one is.
    "205 foo": ["205"],
    "999 foo": [],
    "-205": ["205"],
    "-206": [],
    # The end is missing.
    "keep 205": ["keep 205 4h", "keep 205 until 18:00"],
    "keep xyz0": [],
    "snooze id:812": ["snooze id:812 4h", "snooze id:812 until 18:00"],
    "snooze name:flow": [],
    # A misspelled option is mended; if it cannot be, no sentence without it is suggested.
    "subscribe 205 for faild": ["subscribe 205 for failed"],
    "subscribe flowers-tb untill 4h": ["subscribe flowers-tb until 4h"],
    "subscribe 205 for banana": [],
    "subscribe 205 in #general": [],
    "subscribe 205 until whenever": [],
    # These sentences are about no job.
    "lst running": ["list running"],
    "status banana": ["status", "status letters"],
    "quiet 22-8": ["quiet here 22:00-08:00", "quiet me 22:00-08:00"],
    "snoze here 4h": ["snooze here 4h"],
    "wacth train*": ["subscribe train*", "unsubscribe train*"],
}


@pytest.mark.parametrize("typed", SUGGESTED)
async def test_only_what_is_there_is_suggested(typed: str) -> None:
    world = World()
    await world.catalog.sweep(OURS)

    card = await world.say(typed)

    said = [one.command.text for one in card.controls if isinstance(one, Action)]
    assert [text for text in said if text != "help"] == SUGGESTED[typed]
    assert ("Did you mean" in str(card.summary)) == bool(SUGGESTED[typed])


async def test_before_the_first_list_nobody_knows_better() -> None:
    card = await World().say("nonsense xyz0")

    assert "Did you mean `xyz0`?" in str(card.summary)


@pytest.mark.parametrize(
    ("sentence", "is_there"),
    [
        ("197", True),
        ("id:197", False),
        ("name:197", True),
        ("last", True),
        ("FLOWERS-TB", True),
        ("_flowers-tb_", True),
        ("_flowres_", False),
        ("why", True),
        ("cost project", True),
    ],
)
def test_a_job_is_there_by_id_by_name_or_by_its_beginning(sentence: str, *, is_there: bool) -> None:
    known = [a_job(205), a_job(812, name="197")]

    assert is_real(sentence, known) is is_there


def test_what_else_was_said_stays() -> None:
    error = BadCommand("No.", hint="Do.", suggestions=("206", "205"), offers=("list",), option="in")

    found = with_real_suggestions(error, [a_job(205)])

    assert (found.sentence, found.hint, found.option) == ("No.", "Do.", "in")
    assert (found.suggestions, found.offers) == (("205",), ("list",))
    assert parse(found.suggestions[0]).text == "205"
