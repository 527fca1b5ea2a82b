"""What kills replicas: the program that forks them, and databases that outlive them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proof.stage import Forge, forging


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """Forks replicas."""
    with forging() as made:
        yield made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder: it takes minutes, and runs when it is asked for."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.proof)
