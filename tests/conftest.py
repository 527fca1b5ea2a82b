"""What every test may use: the switch that rewrites golden files, and a small world."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.world import World, open_world, settle

# A busy computer is no bug: an example may take its time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one review cards by their difference: `pytest --rewrite-golden`, then `git diff`."""
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files anew from the code"
    )


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The real bot between the stand-ins; it knows its name and its jobs."""
    async with open_world(tmp_path) as made:
        yield await settle(made)
