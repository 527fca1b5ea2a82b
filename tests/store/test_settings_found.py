"""PostgreSQL as operators set it up: other formats, other encodings, missing rights."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from bot.core.errors import StoreUnavailable
from bot.core.job import JobId
from bot.store import migrate
from tests.store.conftest import OpenStore
from tests.store.test_open import ask
from tests.store.world import P1

#: Settings that a database or a role may prescribe to each session. The timeouts are long enough
#: for a busy computer, which may pause between two statements.
SETTINGS = [
    ("DATABASE", "DateStyle", "German"),
    ("DATABASE", "client_encoding", "LATIN1"),
    ("DATABASE", "search_path", "nowhere"),
    ("ROLE", "search_path", ""),
    ("DATABASE", "default_transaction_isolation", "serializable"),
    ("ROLE", "TimeZone", "America/St_Johns"),
]
MORE_SETTINGS = [
    ("DATABASE", "statement_timeout", "200ms"),
    ("DATABASE", "DateStyle", "SQL, DMY"),
    ("DATABASE", "DateStyle", "Postgres, MDY"),
    ("DATABASE", "TimeZone", "Asia/Shanghai"),
    ("DATABASE", "client_encoding", "SQL_ASCII"),
    ("DATABASE", "IntervalStyle", "sql_standard"),
    ("ROLE", "search_path", "elsewhere, nowhere"),
    ("ROLE", "lock_timeout", "5ms"),
    ("ROLE", "idle_in_transaction_session_timeout", "300ms"),
    ("DATABASE", "extra_float_digits", "-15"),
    ("DATABASE", "bytea_output", "escape"),
    ("DATABASE", "default_transaction_deferrable", "on"),
    ("DATABASE", "standard_conforming_strings", "off"),
    ("ROLE", "DateStyle", "German"),
    ("ROLE", "client_encoding", "LATIN1"),
    ("ROLE", "IntervalStyle", "iso_8601"),
]


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [*SETTINGS, *(pytest.param(*row, marks=pytest.mark.slow) for row in MORE_SETTINGS)],
)
@pytest.mark.slow
async def test_what_the_database_or_the_role_prescribes_changes_nothing(
    owner: str, name: str, value: str, postgresql_url: str, role: str, open_one: OpenStore
) -> None:
    execute(postgresql_url, "GRANT USAGE, CREATE ON SCHEMA public TO {}", role)
    owned = role if owner == "ROLE" else dbname(postgresql_url)
    execute(postgresql_url, f"ALTER {owner} {{}} SET {name} = '{value}'", owned)
    url = as_role(postgresql_url, role)

    assert await migrate(url)
    store = open_one(url)
    await store.prepare()
    await store.remember_asked({(P1, "U → 花"): JobId(205)})

    assert await migrate(url) == ()
    assert await store.last_asked(P1, "U → 花") == 205
    assert (await store.check()).is_good
    assert await ask(store, "SHOW transaction_isolation") == "read committed"


@pytest.mark.slow
async def test_a_transaction_and_a_migration_take_the_time_that_we_give_them(
    postgresql_url: str, role: str, open_one: OpenStore
) -> None:
    execute(postgresql_url, "GRANT USAGE, CREATE ON SCHEMA public TO {}", role)
    url = as_role(postgresql_url, role)
    await migrate(url)
    execute(postgresql_url, "ALTER ROLE {} SET statement_timeout = '20ms'", role)

    await open_one(url)._database.read(
        lambda transaction: transaction.connection.execute(text("SELECT pg_sleep(0.1)"))
    )


@pytest.mark.slow
async def test_a_schema_that_the_operator_chose_is_used(
    postgresql_url: str, role: str, open_one: OpenStore
) -> None:
    execute(postgresql_url, "CREATE SCHEMA mine AUTHORIZATION {}", role)
    execute(postgresql_url, "ALTER ROLE {} SET search_path = mine", role)
    url = as_role(postgresql_url, role)
    await migrate(url)
    store = open_one(url)

    await store.prepare()

    found = "SELECT table_schema FROM information_schema.tables WHERE table_name = 'delivery'"
    assert await ask(store, found) == "mine"


@pytest.mark.parametrize("owner", ["DATABASE", "ROLE"])
async def test_default_transaction_read_only_is_the_operators_word_and_named_as_the_reason(
    owner: str, postgresql_url: str, role: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    execute(postgresql_url, "GRANT ALL ON ALL TABLES IN SCHEMA public TO {}", role)
    owned = role if owner == "ROLE" else dbname(postgresql_url)
    execute(postgresql_url, f"ALTER {owner} {{}} SET default_transaction_read_only = on", owned)

    condition = await open_one(as_role(postgresql_url, role)).check()

    assert not condition.is_good
    assert "default_transaction_read_only" in str(condition.cure)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_another_encoding_than_utf8_is_refused_with_the_statement_that_makes_one(
    encoding: str, postgresql_server: str, open_one: OpenStore
) -> None:
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        name = f"test_{encoding.lower()}"
        # The encoding that PostgreSQL's own cluster has if the system's locale is C.
        admin.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
            " TEMPLATE template0".encode()
        )
        try:
            url = postgresql_server.replace("/postgres?", f"/{name}?")
            store = open_one(url)
            with pytest.raises(StoreUnavailable, match=f"{encoding}.*UTF8") as at_start:
                await store.prepare()
            with pytest.raises(StoreUnavailable, match=f"{encoding}.*UTF8") as at_migrate:
                await migrate(url)
            condition = await store.check()
            await store.close()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    assert not condition.is_good
    assert encoding in str(condition.problem)
    assert condition.cure == at_start.value.hint == at_migrate.value.hint
    assert "CREATE DATABASE" in str(condition.cure)


@pytest.mark.slow
async def test_the_statement_that_it_says_makes_a_database_that_is_taken(
    postgresql_server: str, open_one: OpenStore
) -> None:
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
            " TEMPLATE template0"
        )
        condition = await open_one(postgresql_server.replace("/postgres?", "/ascii?")).check()
        statement = str(condition.cure).partition(": ")[2].partition(";")[0]
        try:
            admin.execute(statement.encode())
            await migrate(postgresql_server.replace("/postgres?", "/visjob_utf8?"))
        finally:
            for name in ("ascii", "visjob_utf8"):
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@pytest.mark.slow
async def test_a_role_that_may_make_no_tables_is_given_the_grant_to_type(
    postgresql_url: str, role: str, open_one: OpenStore
) -> None:
    url = as_role(postgresql_url, role)
    store = open_one(url)

    with pytest.raises(StoreUnavailable, match="may not make tables") as at_migrate:
        await migrate(url)
    with pytest.raises(StoreUnavailable, match="no tables of ours") as at_start:
        await store.prepare()

    grant = str(at_migrate.value.hint).partition(": ")[2]
    assert grant == f'GRANT USAGE, CREATE ON SCHEMA public TO "{role}";'
    assert grant in str(at_start.value.hint)
    assert grant in str((await store.check()).cure)
    execute(postgresql_url, grant)
    await migrate(url)
    assert (await store.check()).is_good


async def test_a_role_that_does_not_even_see_public_is_given_the_same_grant(
    postgresql_url: str, role: str
) -> None:
    execute(postgresql_url, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    url = as_role(postgresql_url, role)

    with pytest.raises(StoreUnavailable) as caught:
        await migrate(url)

    execute(postgresql_url, str(caught.value.hint).partition(": ")[2])
    await migrate(url)


@pytest.mark.slow
async def test_a_role_without_rights_on_the_tables_is_told_which(
    postgresql_url: str, role: str, open_one: OpenStore
) -> None:
    await migrate(postgresql_url)
    store = open_one(as_role(postgresql_url, role))

    with pytest.raises(StoreUnavailable, match="permission denied") as caught:
        await store.prepare()
    grant = str(caught.value.hint).partition("name: ")[2].replace("TO role", "TO {}")
    execute(postgresql_url, grant, role)

    await store.prepare()
    assert (await store.check()).is_good


@pytest.fixture
def role(postgresql_url: str) -> Iterator[str]:
    """A role without any rights, whose name must be quoted."""
    name = f"Visjob {dbname(postgresql_url)[-6:]}"
    execute(postgresql_url, "CREATE ROLE {} LOGIN", name)
    yield name
    execute(postgresql_url, "DROP OWNED BY {} CASCADE", name)
    execute(postgresql_url, "DROP ROLE {}", name)


def execute(url: str, statement: str, *names: str) -> None:
    """Run a statement as the owner of the server, with our own session settings."""
    ours = "-c statement_timeout=0 -c default_transaction_read_only=off"
    with psycopg.connect(url, autocommit=True, options=ours) as admin:
        admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def dbname(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


def as_role(url: str, role: str) -> str:
    """Return the URL of the same database for another role."""
    return url.replace("postgres:@", f"{role.replace(' ', '%20')}:@")
