"""Where a line wraps, no "·" is left behind at its end: it goes along with what comes after it."""

import re
from typing import Any

import pytest

from bot.core.cards.card import Line, Table
from bot.core.cards.jobs.job_lines import DOT
from bot.core.text import ENGLISH, NO_BREAK
from bot.locale import language_of
from bot.slack.blocks import render
from bot.slack.tables import table_as_text
from tests.make import a_card
from tests.slack.golden_cases import MESSAGES, VIEWS
from tests.slack.oracles import texts

Json = dict[str, Any]
LOOSE = re.compile(f"  ·(?!{NO_BREAK})")


def written(drawn: object) -> list[str]:
    """All texts of a message or view, but for what people pick from a list."""
    return [one["text"] for one in texts(drawn) if isinstance(one.get("text"), str)]


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_a_dot_is_bound_to_the_word_after_it(name: str) -> None:
    drawn = (MESSAGES.get(name) or VIEWS[name])()

    assert [text for text in written(drawn) if LOOSE.search(text)] == []


def test_so_it_is_in_the_rows_of_a_table_that_is_not_drawn() -> None:
    cells: tuple[Line, ...] = (("flowers-tb",), ("2 h",))
    table = Table(caption="Hours", heads=(("Job",), ("Hours",)), rows=(cells, cells))
    [block] = [one for one in render(a_card(table=table))["blocks"] if one["type"] == "data_table"]
    drawn = written(table_as_text(block))

    assert f"  ·{NO_BREAK}{NO_BREAK}" in drawn
    assert [text for text in drawn if LOOSE.search(text)] == []


def test_it_is_bound_in_every_language() -> None:
    for language in (ENGLISH, language_of("zh-CN")):
        assert language.words(DOT) == f"  ·{NO_BREAK}{NO_BREAK}"
