"""Of rows that prove the same kind, the first are quick tests and the others slow ones."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest


def some_of(rows: Iterable[object], count: int) -> list[Any]:
    """All rows, for `parametrize`; those after the first `count` are marked as slow."""
    left = iter(rows)
    quick = list(islice(left, count))
    return [*quick, *(pytest.param(row, marks=pytest.mark.slow) for row in left)]
