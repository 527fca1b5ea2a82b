"""Check data tables as Slack does, beyond the shape of their cells. No HTTP.

https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from collections.abc import Iterator
from typing import Any

from bot.demo.workspace.block_shapes import Problem

Json = dict[str, Any]


def uneven_rows(block: Json, at: str) -> Iterator[Problem]:
    """Yield a problem for rich text in the header, a row whose length differs from the header's, or
    a row header column that does not exist."""
    rows = block.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows) or not rows:
        return
    head, *others = rows
    for index, cell in enumerate(head):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            yield Problem(f"{at}/rows/0/{index}/type", "rich_text is not allowed in header cells")
    for index, row in enumerate(others, 1):
        if len(row) != len(head):
            yield Problem(f"{at}/rows/{index}", "all rows must have the same number of values")
    named = block.get("row_header_column_index", 0)
    if isinstance(named, int) and named >= len(head):
        yield Problem(f"{at}/row_header_column_index", "must be one of the columns")


def characters(part: object) -> int:
    """Return how many characters the cells show."""
    if isinstance(part, list):
        return sum(map(characters, part))
    if not isinstance(part, dict):
        return 0
    shown = (part.get(name) for name in ("text", "fallback"))
    return sum(len(one) for one in shown if isinstance(one, str)) + characters(part.get("elements"))
