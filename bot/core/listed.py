"""Limits the rows of a list. A row "1 more" never replaces the only row that it stands for."""

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


def first_of(rows: Sequence[_T], most: int) -> Sequence[_T]:
    """Return the first `most` rows; all of them if only one would be left out."""
    return rows if len(rows) <= most + 1 else rows[:most]


def last_of(rows: Sequence[_T], most: int) -> Sequence[_T]:
    """Return the last rows in the same way."""
    return rows if len(rows) <= most + 1 else rows[-most:]
