"""Render tables as Slack's native block, within its limits, or as lines of text.

docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.core.cards.card import Line, Table
from bot.core.cards.cleaning import shown
from bot.core.cards.figures import Amount
from bot.core.cards.jobs.job_lines import DOT
from bot.slack.text_objects import NOTHING, Json, cleaned

TABLE = "data_table"
#: Without the row of heads.
MOST_ROWS = 100
MOST_COLUMNS = 20
#: In all cells together.
MOST_CHARACTERS = 20_000
LONGEST_CAPTION = 150
LONGEST_CELL = 300


def render_table(table: Table, draw: Callable[[Line], list[Json]]) -> Json:
    """Return the rows below their heads; `draw` renders a line as elements of rich text. Rows and
    columns beyond Slack's limits are cut off at the end."""
    heads = [_text(draw(head)) for head in table.heads[:MOST_COLUMNS]]
    cells = ([_cell(cell, draw) for cell in row[:MOST_COLUMNS]] for row in table.rows)
    rows = list(_fitting(cells, MOST_CHARACTERS - sum(map(_length, heads))))
    return {
        "type": TABLE,
        "caption": shown(str(table.caption), LONGEST_CAPTION) or NOTHING,
        # Slack shows five rows per page by default.
        "page_size": len(rows),
        "rows": [heads, *rows],
    }


def table_as_text(block: Json) -> Json:
    """Return the rows of a table block, without the heads, as lines of rich text."""
    elements: list[Json] = []
    for row in block["rows"][1:]:
        elements += [{"type": "text", "text": "\n"}] if elements else []
        elements += _in_a_line(row)
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}


def _length(cell: Json) -> int:
    """Return how many characters a cell adds to a message."""
    return sum(len(one.get("text") or one.get("fallback") or "") for one in _elements(cell))


def _cell(cell: Line, draw: Callable[[Line], list[Json]]) -> Json:
    match cell:
        case (Amount(value=value, text=text),):
            words = cleaned(str(text), LONGEST_CELL) or NOTHING
            return {"type": "raw_number", "value": value, "text": words}
        case _:
            elements = draw(cell)
            if all(one["type"] == "text" and "style" not in one for one in elements):
                return _text(elements)
            section = {"type": "rich_text_section", "elements": elements}
            return {"type": "rich_text", "elements": [section]}


def _text(elements: Sequence[Json]) -> Json:
    text = "".join(one.get("text", "") for one in elements)
    return {"type": "raw_text", "text": text[:LONGEST_CELL] or NOTHING}


def _fitting(rows: Iterator[list[Json]], room: int) -> Iterator[list[Json]]:
    for row in islice(rows, MOST_ROWS):
        room -= sum(map(_length, row))
        if room < 0:
            return
        yield row


def _in_a_line(row: Sequence[Json]) -> Iterator[Json]:
    told = [cell for cell in row if cell.get("text") != NOTHING]
    for number, cell in enumerate(told):
        if number:
            yield {"type": "text", "text": DOT.message}
        yield from _elements(cell)


def _elements(cell: Json) -> list[Json]:
    if cell["type"] != "rich_text":
        return [{"type": "text", "text": cell["text"]}]
    return [element for part in cell["elements"] for element in part["elements"]]
