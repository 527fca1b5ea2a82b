"""Migrations that are killed before any of their statements: a second run completes them."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from sqlalchemy import Connection, event, text

from bot.store.database.schema import bring_up, current_revision, known_revisions, upgrade
from bot.store.open import open_engine
from tests.conftest import HERE
from tests.databases import NewUrl, made_empty
from tests.proof.dying_migration import Deaths, dying
from tests.proof.extent import IS_FULL, Results
from tests.store.catalog import read_catalog

Answer = TypeVar("Answer")

REVISIONS = known_revisions()
#: How many statements the short run tries, evenly spaced, from the first revision only.
FEW = 4


@pytest.fixture(scope="module")
def deaths() -> Iterator[Deaths]:
    """The program that runs migrations and kills them."""
    with dying(HERE.parent) as program:
        yield program


@pytest.mark.timeout(3 * 3600 if IS_FULL else 240)
@pytest.mark.parametrize("revision", REVISIONS[:-1] if IS_FULL else REVISIONS[:1])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_migration_that_is_killed_at_any_statement_is_whole_when_it_is_run_again(
    database: str,
    revision: str,
    deaths: Deaths,
    request: pytest.FixtureRequest,
    results: Results,
) -> None:
    new_url: NewUrl = request.getfixturevalue(f"new_{database}_url")
    expected = inside(new_url(), lambda connection: bring(connection, revision, REVISIONS[-1]))
    statements = count_statements(new_url(), revision)
    step = 1 if IS_FULL else statements // FEW
    kills = 0
    for fatal in (*range(1, statements, step), statements - 1, statements):
        url = new_url()
        before = inside(url, lambda connection: bring(connection, revision))

        assert deaths.migrate(url, fatal), f"statement {fatal} of {statements}"
        kills += 1

        assert inside(url, read_catalog) == before, f"killed at {fatal}, half of it stood"
        assert migrate(url) == tuple(one for one in REVISIONS if one > revision)
        assert inside(url, read_catalog) == expected
        assert inside(url, names_of_people) == {"U1"}, f"killed at {fatal}"
    results.add(
        f"migrated from {revision}, killed at a statement, run again; {database}",
        f"{kills} of {statements} statements",
        faults=str(kills),
    )


def test_what_is_not_killed_ends(deaths: Deaths, new_sqlite_url: NewUrl) -> None:
    """Check that an unkilled migration completes; else the other tests could pass without any."""
    url = new_sqlite_url()
    assert not deaths.migrate(url, 100_000)
    assert inside(url, current_revision) == REVISIONS[-1]


def bring(connection: Connection, *revisions: str) -> set[str]:
    """Migrate to these revisions in order, insert a row after the first, and return the schema."""
    for revision in revisions:
        upgrade(connection, revision)
        if revision == revisions[0]:
            connection.execute(text(_ROW))
    return read_catalog(connection)


def names_of_people(connection: Connection) -> set[str]:
    return set(connection.scalars(text("SELECT user_id FROM last_asked")))


def migrate(url: str) -> tuple[str, ...]:
    engine, _ = open_engine(url)
    try:
        return bring_up(engine)
    finally:
        engine.dispose()


def inside(url: str, work: Callable[[Connection], Answer]) -> Answer:
    """Run `work` in a transaction of a database."""
    engine, _ = open_engine(made_empty(url))
    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


def count_statements(url: str, revision: str) -> int:
    """Return the number of statements from this revision to the newest, with the COMMIT."""
    inside(url, lambda connection: bring(connection, revision))
    engine, _ = open_engine(url)
    passed: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *_: passed.append(1))
    event.listen(engine, "commit", lambda *_: passed.append(1))
    bring_up(engine)
    engine.dispose()
    return len(passed)


_ROW = (
    "INSERT INTO last_asked (team_id, user_id, project_id, job_id, asked_at)"
    " VALUES ('T1', 'U1', 'p1', 205, '2026-03-01 12:00:00')"
)
