"""Fixtures: the program that forks replicas, the databases, and the results."""

import asyncio
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import psycopg
import pytest
import structlog

from bot.store import migrate
from tests.databases import MEMORY, sqlite_migrated
from tests.proof.extent import Results
from tests.proof.pgbouncer import PROGRAM, Pooler, pooling
from tests.proof.reporting import RESULTS
from tests.proof.stage import Forge, forging
from tests.proof.story import Fresh

# Files whose tests take minutes.
_LONGEST = frozenset(
    {
        "test_guard_days.py",
        "test_hold_days.py",
        "test_model.py",
        "test_soak.py",
        "test_virtual_time.py",
    }
)


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """The program that forks replicas."""
    with forging() as made:
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, where files are fast."""
    with TemporaryDirectory(prefix="visjob-days-", dir=MEMORY) as made:
        yield Path(made)


@pytest.fixture
def fresh_sqlite() -> Iterator[Fresh]:
    """A function that makes a new SQLite file with our tables."""
    with TemporaryDirectory(prefix="visjob-stories-", dir=MEMORY) as folder:

        def fresh() -> str:
            file = Path(folder) / f"{uuid.uuid4().hex}.db"
            file.write_bytes(sqlite_migrated())
            return f"sqlite:///{file}"

        yield fresh


@pytest.fixture
def fresh_postgresql(postgresql_server: str) -> Iterator[Fresh]:
    """A function that makes a new PostgreSQL database with our tables."""
    names = [f"stories_{uuid.uuid4().hex}"]

    def url() -> str:
        return postgresql_server.replace("/postgres?", f"/{names[-1]}?")

    def fresh() -> str:
        names.append(f"story_{uuid.uuid4().hex}")
        admin.execute(f"CREATE DATABASE {names[-1]} TEMPLATE {names[0]}")
        return url()

    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {names[0]}")
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, migrate(url())).result()
        yield fresh
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def pooler(postgresql_server: str) -> Iterator[Pooler]:
    """A PgBouncer in front of the tests' PostgreSQL server."""
    if PROGRAM is None:
        pytest.skip("no PgBouncer here: apt-get install pgbouncer")
    with pooling(postgresql_server) as made:
        yield made


@pytest.fixture
def pooled_url(postgresql_url: str, pooler: Pooler) -> str:
    """A new, empty database behind PgBouncer."""
    return pooler.url(postgresql_url)


@pytest.fixture
def results(pytestconfig: pytest.Config) -> Results:
    """The table to which a test adds its results."""
    return pytestconfig.stash[RESULTS]


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Drop all log lines, because printing the warnings of a storm takes minutes."""
    kept = structlog.get_config()
    structlog.configure(processors=[_drop])
    yield
    structlog.configure(**kept)


def _drop(*_: object) -> NoReturn:
    raise structlog.DropEvent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder as `proof`: they take minutes, and run only on request. Begin
    with the longest ones, so that no process works alone on one at the end."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.proof)
