"""What every test may use: golden files that can be rewritten, databases, and a small world."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.databases import NewUrl, postgresql_databases, postgresql_running, sqlite_files
from tests.reference import ORACLES
from tests.world import World, open_world, settle

# A busy computer is no bug: an example may take its time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# structlog's own default draws every local variable of a traceback, which takes seconds.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one review cards by their difference: `pytest --rewrite-golden`, then `git diff`."""
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files anew from the code"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what compares with Slack's reference data where that is not beside the project."""
    if ORACLES.is_dir():
        return
    needing = {item for item in items if item.get_closest_marker("reference")}
    config.hook.pytest_deselected(items=list(needing))
    items[:] = [item for item in items if item not in needing]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite runs four tests at once: half of a test's time is waiting.

    One after the other run chosen files, which one may want to debug, and the proofs, each of
    which wants the computer for itself.
    """
    is_proof = config.option.markexpr.startswith("proof")
    is_all = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return 4 if is_all and not is_proof else 0


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The real bot between the stand-ins; it knows its name and its jobs."""
    async with open_world(tmp_path) as made:
        yield await settle(made)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server, for all tests of this process."""
    with postgresql_running() as url:
        yield url


@pytest.fixture
def new_postgresql_url(postgresql_server: str) -> Iterator[NewUrl]:
    """Makes new, empty PostgreSQL databases."""
    with postgresql_databases(postgresql_server) as new:
        yield new


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> NewUrl:
    """Names SQLite files that are not there yet."""
    return sqlite_files(tmp_path)


@pytest.fixture
def postgresql_url(new_postgresql_url: NewUrl) -> str:
    """A new, empty PostgreSQL database."""
    return new_postgresql_url()


@pytest.fixture
def sqlite_url(new_sqlite_url: NewUrl) -> str:
    """A SQLite file that is not there yet."""
    return new_sqlite_url()
