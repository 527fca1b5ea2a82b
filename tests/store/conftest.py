"""Fixtures with stores over SQLite and PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import SqlStore, open_store
from tests.databases import NewUrl, made_empty
from tests.fakes import ManualClock
from tests.proof.virtual_time import Here
from tests.store.world import World

# A busy computer is no bug, so every deadline is this many times longer, except in tests of it.
UNHURRIED = 20
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

#: Folders, files and tests about what each database does in its own way: locks, connections,
#: schemas, many at once.
QUICK_ON_POSTGRESQL = frozenset(
    {
        "database",
        "test_history.py",
        "test_leasing.py",
        "test_of_many_equal_wishes_at_once_one_is_new",
        "test_of_many_who_begin_the_same_answer_one_may_post_it",
        "test_open.py",
        "test_serving.py",
        "test_store.py",
    }
)

OpenStore = Callable[..., SqlStore]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow the PostgreSQL tests whose statements SQLite has already tested."""
    here = str(Path(__file__).parent)
    for item in items:
        if not isinstance(item, pytest.Function) or not str(item.path).startswith(here):
            continue
        kind = item.callspec.params.get("kind") if hasattr(item, "callspec") else None
        names = {*item.path.parts, item.originalname}
        if kind == "postgresql" and QUICK_ON_POSTGRESQL.isdisjoint(names):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of the database: each of both in turn."""
    kind: str = request.param
    return kind


@pytest.fixture
def new_url(kind: str, request: pytest.FixtureRequest) -> NewUrl:
    """A function that makes an empty database; of each kind in turn."""
    made: NewUrl = request.getfixturevalue(f"new_{kind}_url")
    return made


@pytest.fixture
def empty_url(new_url: NewUrl) -> str:
    """The URL of an empty database, of each kind in turn; the SQLite file exists."""
    return made_empty(new_url())


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database with our tables, without rows."""
    tables: NewUrl = request.getfixturevalue(f"{kind}_tables")
    return tables()


@pytest.fixture
async def open_one() -> AsyncIterator[OpenStore]:
    """A function that opens a store; the store is closed at the end of the test."""
    opened: list[SqlStore] = []

    def open_and_keep(
        url: str, *, clock: Callable[[], datetime] = lambda: NOON, patience: int = UNHURRIED
    ) -> SqlStore:
        opened.append(open_store(url, clock=clock, patience=patience))
        return opened[-1]

    yield open_and_keep
    for store in opened:
        await store.close()


@pytest.fixture
def store(url: str, open_one: OpenStore) -> SqlStore:
    """A store over a database with our tables."""
    return open_one(url)


@pytest.fixture
def at_once() -> None:
    """Requested by tests with concurrent calls: then the database of `world` has its own
    threads."""


@pytest.fixture
async def world(url: str, open_one: OpenStore, request: pytest.FixtureRequest) -> World:
    """A store whose time can be moved. Without `at_once`, the database runs on the test's own
    thread."""
    clock = ManualClock(NOON)
    store = open_one(url, clock=clock)
    if "at_once" not in request.fixturenames:
        store._database.threads = Here()
    return World(store, clock)
