"""What kills replicas: the program that forks them, and databases that outlive them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import structlog

from tests.proof.extent import Results
from tests.proof.stage import Forge, forging
from tests.store.conftest import postgresql_server, postgresql_url, sqlite_url

__all__ = ["postgresql_server", "postgresql_url", "sqlite_url"]

_RESULTS = pytest.StashKey[Results]()


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """Forks replicas."""
    with forging() as made:
        yield made


@pytest.fixture
def results(pytestconfig: pytest.Config) -> Results:
    """Where to publish what came of a test."""
    return pytestconfig.stash[_RESULTS]


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """A storm is nothing but warnings: to print them, with every local name, takes minutes."""
    structlog.configure(processors=[_drop])
    yield
    structlog.reset_defaults()


def _drop(*_: object) -> NoReturn:
    raise structlog.DropEvent


def pytest_configure(config: pytest.Config) -> None:
    """One list of results for all."""
    config.stash[_RESULTS] = Results()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table."""
    config.stash[_RESULTS].show(terminalreporter)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder: it takes minutes, and runs when it is asked for."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.proof)
