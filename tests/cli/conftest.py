"""A cloud and a Slack for the program to reach."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.outside import Outside, opened


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    """A cloud and a Slack for the program to reach."""
    async with opened(tmp_path) as made:
        yield made
