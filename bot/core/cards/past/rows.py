"""Rows of facts: a table if the platform draws one, else lines."""

from collections.abc import Sequence

from bot.core.cards.card import Card, Line, Table
from bot.core.cards.jobs.job_lines import DOT
from bot.core.text import Words

# A single row is drawn as a line.
_ROWS_OF_A_TABLE = 2


def table_of(
    caption: Words, heads: Sequence[Words], rows: Sequence[Sequence[Line]]
) -> Table | None:
    """Return these rows without their empty columns; None if all columns are empty."""
    told = [number for number in range(len(heads)) if any(row[number] for row in rows)]
    if not told:
        return None
    return Table(
        caption=caption,
        heads=tuple((heads[number],) for number in told),
        rows=tuple(tuple(row[number] for number in told) for row in rows),
    )


def table_to_draw(card: Card) -> Table | None:
    """Return the table of a card if it has enough rows to be drawn as one; else None."""
    is_table = card.table is not None and len(card.table.rows) >= _ROWS_OF_A_TABLE
    return card.table if is_table else None


def all_lines(card: Card) -> tuple[Line, ...]:
    """Return all lines of a card, with the rows of its table as lines."""
    rows = card.table.rows if card.table else ()
    return (*card.lines, *map(_line, rows), *card.more_lines)


def _line(row: Sequence[Line]) -> Line:
    told = [cell for cell in row if cell]
    return tuple(
        span
        for number, cell in enumerate(told)
        for span in ((DOT.message, *cell) if number else cell)
    )
