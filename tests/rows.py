"""Mark all but the first rows of a `parametrize` table as slow, if all rows prove the same."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest


def some_of(rows: Iterable[object], count: int) -> list[Any]:
    """Return all rows, for `parametrize`; those after the first `count` are marked as slow."""
    left = iter(rows)
    quick = list(islice(left, count))
    return [*quick, *(pytest.param(row, marks=pytest.mark.slow) for row in left)]
