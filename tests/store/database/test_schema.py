"""Migrations: idempotent, alone at the work, and equal to the tables that the queries see."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bot.core.errors import StoreUnavailable
from bot.store import SqlStore, migrate
from bot.store.database import tables
from bot.store.database.schema import known_revisions, upgrade
from tests.databases import NewUrl, made_empty
from tests.store.catalog import read_catalog
from tests.store.conftest import OpenStore
from tests.store.world import P1, connected


async def test_migrating_twice_finds_nothing_to_do(empty_url: str) -> None:
    assert await migrate(empty_url) == known_revisions()
    assert await migrate(empty_url) == ()


async def test_of_many_who_migrate_at_once_one_does_the_work(empty_url: str) -> None:
    done = await asyncio.gather(*(migrate(empty_url) for _ in range(6)))

    assert sorted(done) == [()] * 5 + [known_revisions()]


@pytest.mark.parametrize(
    "revision",
    [known_revisions()[0], known_revisions()[-2]],  # from the first all migrations are run
)
@pytest.mark.slow
async def test_tables_made_at_once_are_those_that_the_migrations_make(
    revision: str, new_url: NewUrl, open_one: OpenStore
) -> None:
    made, moved = new_url(), made_empty(new_url())
    await in_transaction(open_one(moved), upgrade, revision)

    assert await migrate(made) == known_revisions()
    assert await migrate(moved) == tuple(known for known in known_revisions() if known > revision)

    catalogs = [await in_transaction(open_one(url), read_catalog) for url in (made, moved)]
    assert catalogs[0] == catalogs[1]
    assert len(catalogs[0]) > 100


async def in_transaction(store: SqlStore, work: Callable[..., Any], *arguments: object) -> Any:
    with connected(store) as connection:
        return work(connection, *arguments)


async def test_late_records_get_their_own_table_and_an_older_version_keeps_its(
    empty_url: str, open_one: OpenStore
) -> None:
    store = open_one(empty_url)
    await in_transaction(store, upgrade, "0008")
    late = (
        "INSERT INTO audit (team_id, at, what, delivery_id, channel_id, ts)"
        " VALUES ('T1', '2026-03-01 12:00:00', :what, 'd', 'C1', '1.0')"
    )
    with connected(store) as connection:
        connection.execute(text(late), {"what": "before"})

    await migrate(empty_url)

    with connected(store) as connection:
        connection.execute(text(late), {"what": "by an older version"})
        rows = connection.execute(text("SELECT what, channel_id, ts FROM late_records")).all()
    assert [tuple(row) for row in rows] == [("before", "C1", "1.0")]


async def test_all_that_held_deliveries_becomes_a_hold(empty_url: str, open_one: OpenStore) -> None:
    store = open_one(empty_url)
    await in_transaction(store, upgrade, "0010")
    early, late = "'2026-03-01 12:00:00.000000'", "'2036-03-01 12:00:00.000000'"
    with connected(store) as connection:
        for what in (
            # A pause whose people know; one that is over, after which Slack asked to wait; pacing.
            f"place VALUES ('T1', 'C1', {early}, 'archived', NULL, {late})",
            f"place VALUES ('T1', 'C2', NULL, '', {late}, NULL)",
            f"gate VALUES ('T1', 'C2', {late})",
            f"gate VALUES ('T1', 'C3', {early})",
            # A workspace that is frozen, and one that is not any more.
            f"workspace VALUES ('T2', {early}, true, 'account_inactive')",
            f"place VALUES ('T2', '', NULL, '', {late}, NULL)",
            f"gate VALUES ('T2', '', {late})",
            "workspace VALUES ('T3', NULL, false, '')",
            f"place VALUES ('T3', '', NULL, '', {early}, NULL)",
        ):
            connection.execute(text(f"INSERT INTO {what}"))

    await migrate(empty_url)

    with connected(store) as connection:
        held = connection.execute(select(tables.hold)).all()
    then, end = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2036, 3, 1, 12, tzinfo=UTC)
    assert {tuple(row) for row in held} == {
        ("T1", "C1", "", 0, "refused", "archived", then, None, end),
        ("T1", "C2", "", 0, "retrying", "", end, end, None),
        ("T1", "C2", "", 0, "asked to wait", "", end, end, None),
        ("T1", "C3", "", 0, "pacing", "", then, then, None),
        ("T2", "", "", 0, "frozen", "account_inactive", then, None, None),
        ("T3", "", "", 0, "retrying", "", then, then, None),
    }


@pytest.mark.slow
async def test_who_said_nothing_keeps_every_change(empty_url: str, open_one: OpenStore) -> None:
    store = open_one(empty_url)
    await in_transaction(store, upgrade, "0011")
    subscribe = text(
        "INSERT INTO subscription (team_id, project_id, channel_id, target_kind, target, job_id,"
        " wanted, telling, created_by, created_at, state) VALUES ('T1', 'p1', 'C1', 'pattern',"
        " :pattern, 0, :wanted, 'thread', 'U1', '2026-03-01 12:00:00.000000', 'active')"
    )
    with connected(store) as connection:
        connection.execute(subscribe, {"pattern": "a*", "wanted": "all"})
        connection.execute(subscribe, {"pattern": "b*", "wanted": "failures"})

    await migrate(empty_url)

    with connected(store) as connection:  # an older version, which still runs
        connection.execute(subscribe, {"pattern": "c*", "wanted": "all"})
    kept = await store.subscriptions.list_subscriptions(P1)
    assert [one.event_filter.text for one in kept] == ["all", "failures", "all"]


def test_our_list_of_revisions_is_alembics() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    script = ScriptDirectory.from_config(config)

    assert tuple(r.revision for r in reversed(list(script.walk_revisions()))) == known_revisions()


async def test_sqlite_is_brought_up_by_serving(sqlite_url: str, open_one: OpenStore) -> None:
    store = open_one(sqlite_url)

    await store.prepare()
    await store.prepare()

    assert (await store.check()).is_good


async def test_postgresql_is_not_touched_by_serving(
    postgresql_url: str, open_one: OpenStore
) -> None:
    store = open_one(postgresql_url)

    with pytest.raises(StoreUnavailable, match="no tables of ours") as caught:
        await store.prepare()
    assert "visjob migrate" in str(caught.value.hint)

    await migrate(postgresql_url)
    await store.prepare()


async def test_an_older_schema_names_both_revisions(url: str, open_one: OpenStore) -> None:
    store = open_one(url)
    await set_revision(store, known_revisions()[0])

    condition = await store.check()

    assert not condition.has_schema
    assert f"revision {known_revisions()[0]}" in str(condition.problem)
    assert known_revisions()[-1] in str(condition.problem)


async def test_a_newer_schema_is_good_so_that_the_old_release_runs_on(
    url: str, open_one: OpenStore
) -> None:
    store = open_one(url)
    await set_revision(store, "9999")

    await store.prepare()

    assert (await store.check()).is_good
    assert await migrate(url) == ()


async def set_revision(store: SqlStore, revision: str) -> None:
    with connected(store) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


@pytest.mark.slow
def test_opening_a_store_imports_neither_alembic_nor_the_other_driver() -> None:
    script = (
        "import sys, datetime, bot.store;"
        "bot.store.open_store('sqlite:///x.db', clock=datetime.datetime.now);"
        "print({'alembic', 'psycopg'} & set(sys.modules))"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "set()"
