"""What every test may use: golden files that can be rewritten, databases, and a small world."""

import gc
import importlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings

from tests.compiled import share_compiled_statements
from tests.databases import (
    MEMORY,
    NewUrl,
    postgresql_databases,
    postgresql_emptied,
    postgresql_running,
    sqlite_copies,
    sqlite_files,
)
from tests.reference import ORACLES
from tests.world import World, open_world, settle

SERVER = pytest.StashKey[str]()

# A busy computer is no bug: an example may take its time. `scripts/check` tries more examples.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile("quick")

share_compiled_statements()

# structlog's own default draws every local variable of a traceback, which takes seconds.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


#: More than all files of the tests together.
ROOM = 2**30

HERE = Path(__file__).parent


def pytest_configure() -> None:
    """Let no test wait for the disk, where there is room in memory."""
    if MEMORY and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one review cards by their difference: `pytest --rewrite-golden`, then `git diff`."""
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files anew from the code"
    )


def pytest_collection(session: pytest.Session) -> None:
    """Each process of many compiles a share of the tests first, and finds the others compiled."""
    worker = getattr(session.config, "workerinput", {})
    if not worker.get("is_all"):
        return
    files = sorted(HERE.rglob("test_*.py"))
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        # What cannot be imported is told when the file is collected.
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what compares with Slack's reference data where that is not beside the project."""
    if ORACLES.is_dir():
        return
    needing = {item for item in items if item.get_closest_marker("reference")}
    config.hook.pytest_deselected(items=list(needing))
    items[:] = [item for item in items if item not in needing]


def pytest_collection_finish() -> None:
    """Four thousand tests stay: to look through them for garbage is a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite runs three tests at once: a test waits for the database or for a program.

    One after the other run chosen files, which one may want to debug, and the proofs, each of
    which wants the computer for itself.
    """
    is_proof = config.option.markexpr.startswith("proof")
    is_all = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return 3 if is_all and not is_proof else 0


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The real bot between the stand-ins; it knows its name and its jobs."""
    async with open_world(tmp_path) as made:
        yield await settle(made)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start one PostgreSQL server for all the processes that test at once."""
    config: pytest.Config = node.config
    if SERVER not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        try:
            config.stash[SERVER] = stack.enter_context(postgresql_running())
        except pytest.skip.Exception:  # each test says so for itself
            config.stash[SERVER] = ""
    node.workerinput["postgresql_server"] = config.stash[SERVER]
    node.workerinput["is_all"] = config.args_source is pytest.Config.ArgsSource.TESTPATHS


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    shared = getattr(pytestconfig, "workerinput", {}).get("postgresql_server")
    if shared:
        yield shared
    else:
        with postgresql_running() as url:
            yield url


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> Iterator[NewUrl]:
    """Each call empties the one PostgreSQL database with our tables."""
    with postgresql_emptied(postgresql_server) as emptied:
        yield emptied


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> NewUrl:
    """Each call is a new SQLite file with our tables."""
    return sqlite_copies(tmp_path_factory.mktemp("tables"))


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
