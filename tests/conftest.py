"""Fixtures and hooks for all tests: golden files that can be rewritten, databases, and a world."""

import gc
import importlib
import os
import shutil
from collections import Counter
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
from tests.proof import reporting
from tests.proof.extent import IS_FULL
from tests.reference import ORACLES
from tests.world import World, open_world, settle

SERVER = pytest.StashKey[str]()
#: How many rows of each table were collected.
ROWS = pytest.StashKey[Counter[str]]()

# No deadline, because a busy computer makes an example slow. `scripts/check` runs more examples.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=100)
settings.load_profile("quick")

share_compiled_statements()

# structlog's default prints every local variable of a traceback, which takes seconds.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


#: More bytes than all temporary files of the tests together.
ROOM = 2**30

HERE = Path(__file__).parent

# Folders of tests whose rows are expensive, because a row starts the bot or a program or uses a
# database; and how many rows of a table are quick. Those of the store are one for each database.
_QUICK_ROWS = {"story": 1, "store": 2, "cli": 1, "watcher": 2}


def pytest_configure(config: pytest.Config) -> None:
    """Put temporary files in memory if there is room, so that no test waits for the disk."""
    # pytest-xdist's main process reads only this conftest, so this one registers the plugin.
    config.pluginmanager.register(reporting)
    if MEMORY and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rewrite-golden`, after which `git diff` shows how the cards have changed."""
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files anew from the code"
    )


def pytest_collection(session: pytest.Session) -> None:
    """Import a share of the test modules first in each of many processes, so that their byte code
    is compiled in parallel, and once."""
    worker = getattr(session.config, "workerinput", {})
    if not worker.get("is_all"):
        return
    files = sorted(HERE.rglob("test_*.py"))
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        # pytest reports a module that cannot be imported when it collects the module.
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark all but the first rows of an expensive table as slow.

    Here, because a plugin shuffles the tests as soon as all are collected. Which rows are quick
    must not depend on that: a run of the quick tests and one of the slow tests would miss some.
    """
    if quick_rows := _QUICK_ROWS.get(item.path.relative_to(HERE).parts[0]):
        rows = item.config.stash.setdefault(ROWS, Counter())
        test = item.nodeid.partition("[")[0]
        rows[test] += 1
        if rows[test] > quick_rows:
            item.add_marker(pytest.mark.slow)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that need Slack's reference data if the data is not beside the project."""
    if ORACLES.is_dir():
        return
    needing = {item for item in items if item.get_closest_marker("reference")}
    config.hook.pytest_deselected(items=list(needing))
    items[:] = [item for item in items if item not in needing]


def pytest_collection_finish() -> None:
    """Exclude the collected tests from garbage collection, which would take a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many tests of the whole suite run at once: three, because most wait for the
    database or for a program.

    Proofs run two at once, because many keep a processor busy; full proofs run one by one. Chosen
    files run in this process, so that one can debug them.
    """
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    if config.option.markexpr.startswith("proof"):
        return 0 if IS_FULL else 2
    return 3


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return the real bot between the stand-ins, after it has read its name and its jobs."""
    async with open_world(tmp_path) as made:
        yield await settle(made)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start one PostgreSQL server for all worker processes."""
    config: pytest.Config = node.config
    if SERVER not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        try:
            config.stash[SERVER] = stack.enter_context(postgresql_running())
        except pytest.skip.Exception:  # each test that needs the server then skips itself
            config.stash[SERVER] = ""
    node.workerinput["postgresql_server"] = config.stash[SERVER]
    node.workerinput["is_all"] = config.args_source is pytest.Config.ArgsSource.TESTPATHS


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield the URL of a running PostgreSQL server."""
    shared = getattr(pytestconfig, "workerinput", {}).get("postgresql_server")
    if shared:
        yield shared
    else:
        with postgresql_running() as url:
            yield url


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> Iterator[NewUrl]:
    """Yield a function that empties the PostgreSQL database with our tables and returns its URL."""
    with postgresql_emptied(postgresql_server) as emptied:
        yield emptied


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> NewUrl:
    """Return a function that creates a SQLite file with our tables, and returns its URL."""
    return sqlite_copies(tmp_path_factory.mktemp("tables"))


@pytest.fixture
def new_postgresql_url(postgresql_server: str) -> Iterator[NewUrl]:
    """Yield a function that creates an empty PostgreSQL database, and returns its URL."""
    with postgresql_databases(postgresql_server) as new:
        yield new


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> NewUrl:
    """Return a function that returns the URL of a SQLite file that does not exist yet."""
    return sqlite_files(tmp_path)


@pytest.fixture
def postgresql_url(new_postgresql_url: NewUrl) -> str:
    """Return the URL of a new, empty PostgreSQL database."""
    return new_postgresql_url()


@pytest.fixture
def sqlite_url(new_sqlite_url: NewUrl) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return new_sqlite_url()
