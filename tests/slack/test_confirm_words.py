"""A dialog that asks before harm says what comes of it: no sentence of its card, and no title."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
Json = dict[str, Any]


def parts(found: object, *, without: str = "") -> Iterator[Json]:
    """Each object of a message, however deep; not what hangs `without`."""
    if isinstance(found, dict):
        yield found
        found = [value for key, value in found.items() if key != without]
    if isinstance(found, list):
        for one in found:
            yield from parts(one, without=without)


def asking() -> dict[str, tuple[Json, list[Json]]]:
    """The reviewed messages whose buttons ask first, and what they ask."""
    found = {}
    for path in sorted(GOLDEN.rglob("*.json")):
        message = json.loads(path.read_text("utf-8"))
        asked = [one["confirm"] for one in parts(message, without="confirm") if "confirm" in one]
        if dialogs := [one for one in asked if "title" in one]:
            found[str(path.relative_to(GOLDEN))] = (message, dialogs)
    return found


ASKING = asking()


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.?!])\s|(?<=[。？！])", text) if one]


def test_there_are_such_messages() -> None:
    assert len(ASKING) > 50


@pytest.mark.parametrize("name", ASKING)
def test_a_dialog_says_more_than_its_card(name: str) -> None:
    message, dialogs = ASKING[name]
    shown = [one.get("text") for one in parts(message, without="confirm")]
    card = "\n".join(words for words in shown if isinstance(words, str))
    for dialog in dialogs:
        title, text = dialog["title"]["text"].rstrip("…"), dialog["text"]["text"]
        assert not text.startswith(title)
        assert [one for one in sentences(text) if one in card] == []
