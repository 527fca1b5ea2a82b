"""How many rows are shown: no line says "1 more" where that one could stand itself."""

import pytest

from bot.core.listed import first_of, last_of


@pytest.mark.parametrize(
    ("rows", "most", "shown"),
    [(0, 3, 0), (1, 3, 1), (3, 3, 3), (4, 3, 4), (5, 3, 3), (50, 3, 3), (2, 1, 2), (3, 1, 1)],
)
def test_one_row_more_is_shown_and_two_are_not(rows: int, most: int, shown: int) -> None:
    found = list(range(rows))

    assert list(first_of(found, most)) == found[:shown]
    assert list(last_of(found, most)) == found[rows - shown :]
