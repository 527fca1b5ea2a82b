"""Which revision a database is at, and how it comes to ours.

An empty database gets all tables at once; a test holds that to be the same as what the migrations
make. Alembic, slow to import, is needed only to move a database that has tables already.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.core.errors import StoreUnavailable
from bot.core.text import say
from bot.store.database.database import NO_LIMITS, begin_postgresql, begin_sqlite
from bot.store.database.tables import metadata

_MIGRATIONS = Path(__file__).parents[1] / "migrations"

# Any number will do, as long as every version of the bot takes the same.
_MIGRATION_LOCK = 7_647_562_001

# Since PostgreSQL 15 only a database's owner may make tables in the schema `public`.
_RIGHTS = text(
    "SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')),"
    " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
)


def known_revisions() -> tuple[str, ...]:
    """Name the revisions that this version of the bot knows, oldest first."""
    files = _MIGRATIONS.joinpath("versions").glob("v*.py")
    return tuple(sorted(file.name[1:5] for file in files))


def current_revision(connection: Connection) -> str:
    """Read the database's revision; empty if no migration ever ran."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT max(version_num) FROM alembic_version")) or ""


def missing_grant(connection: Connection) -> str:
    """Name the GRANT without which this role can make no tables; empty if it can make them."""
    if connection.dialect.name != "postgresql":
        return ""
    role, schema, may_create = connection.execute(_RIGHTS).one()
    return "" if may_create else f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {role};"


def try_to_write(connection: Connection) -> None:
    """Find out whether the database takes writes; raises the driver's error if it does not."""
    if connection.dialect.name == "postgresql":
        # A transaction that may only read refuses it, also where there is no row to change.
        connection.execute(text("UPDATE last_asked SET job_id = job_id WHERE false"))
    else:
        # Only bytes that are written tell whether there is room for them.
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def is_current(revision: str) -> bool:
    """True if all our tables are there. A newer bot may have added more: they do no harm."""
    return revision >= known_revisions()[-1]


def bring_up(engine: Engine) -> tuple[str, ...]:
    """Apply the missing revisions in one transaction and name them. Raises StoreUnavailable
    where the right to make tables is missing, else the driver's errors.

    Whoever comes second waits and then finds nothing to do: SQLite admits one writer; on
    PostgreSQL a lock does it that ends with the transaction, so that a pooler cannot leak it.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            begin_sqlite(connection, writes=True)
        else:
            begin_postgresql(connection, NO_LIMITS)
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
            )
        return apply_missing(connection)


def apply_missing(connection: Connection) -> tuple[str, ...]:
    """The same in the transaction that is open, by whoever is alone there."""
    before = current_revision(connection)
    if is_current(before):
        return ()
    if grant := missing_grant(connection):
        raise StoreUnavailable(
            say("The role of DATABASE_URL may not make tables there."),
            hint=say("Let the owner of the database type: {grant}", grant=grant),
        )
    if before:
        upgrade(connection, "head")
    else:
        _create(connection)
    return tuple(revision for revision in known_revisions() if revision > before)


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    # As Alembic itself makes it.
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:newest)"),
        {"newest": known_revisions()[-1]},
    )


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to `revision`, in the transaction that is open."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, revision)
