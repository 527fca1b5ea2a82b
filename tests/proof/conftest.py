"""What kills replicas: the program that forks them, and databases that outlive them."""

from collections.abc import Iterator

import pytest

from tests.proof.stage import Forge, forging
from tests.store.conftest import postgresql_server, postgresql_url, sqlite_url

__all__ = ["postgresql_server", "postgresql_url", "sqlite_url"]


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """Forks replicas."""
    with forging() as made:
        yield made
