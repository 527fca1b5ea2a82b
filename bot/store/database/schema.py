"""Read a database's revision, and bring its schema up to date.

An empty database gets all tables at once; a test compares the result with that of the migrations.
Alembic, which is slow to import, is needed only for a database that has tables already.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from bot.core.errors import StoreUnavailable
from bot.core.text import say
from bot.store.database.database import (
    NO_LIMITS,
    begin_postgresql,
    begin_sqlite,
    use_write_ahead_log,
)
from bot.store.database.new_file import make_file
from bot.store.database.schema_owner import other_revision, read_revision
from bot.store.database.tables import metadata

_MIGRATIONS = Path(__file__).parents[1] / "migrations"

# An arbitrary number, but the same in every version of the bot.
_MIGRATION_LOCK = 7_647_562_001

# Since PostgreSQL 15 only a database's owner may create tables in the schema `public`.
_RIGHTS = text(
    "SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')),"
    " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
)


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this version of the bot knows, oldest first."""
    files = _MIGRATIONS.joinpath("versions").glob("v*.py")
    return tuple(sorted(file.name[1:5] for file in files))


def current_revision(connection: Connection) -> str:
    """Return the database's revision; empty if no migration ever ran. Raises NotOurs."""
    revision = read_revision(connection, newest=known_revisions()[-1])
    refuse_unknown(revision)
    return revision


def refuse_unknown(revision: str) -> None:
    """Raise NotOurs for a revision that no version of the bot has. A later one may belong to a
    newer version."""
    known = known_revisions()
    if revision and not is_current(revision) and revision not in known:
        raise other_revision(revision)


def missing_grant(connection: Connection) -> str:
    """Return the GRANT that this role needs to create tables; empty if it can create them."""
    if connection.dialect.name != "postgresql":
        return ""
    role, schema, may_create = connection.execute(_RIGHTS).one()
    return "" if may_create else f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {role};"


def try_to_write(connection: Connection) -> None:
    """Write something harmless. Raises the driver's error if the database refuses writes."""
    if connection.dialect.name == "postgresql":
        # A read-only transaction refuses even an UPDATE that matches no row.
        connection.execute(text("UPDATE last_asked SET job_id = job_id WHERE false"))
    else:
        # Only a real write shows whether the disk has room.
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def is_current(revision: str) -> bool:
    """True if the revision has all our tables. A newer version may have added harmless ones."""
    return revision >= known_revisions()[-1]


def bring_up(engine: Engine) -> tuple[str, ...]:
    """Apply the missing revisions in one transaction and return them. Raises StoreUnavailable
    if the role may not create tables, NotOurs, or the driver's errors.

    A second process waits, then finds nothing to do: SQLite admits one writer; PostgreSQL takes a
    lock that ends with the transaction, so that no pooler can leak it.
    """
    make_file(engine)
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            current_revision(connection)  # refuses another program's file before any write
            use_write_ahead_log(connection.exec_driver_sql)
            begin_sqlite(connection, writes=True)
        else:
            begin_postgresql(connection, NO_LIMITS)
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
            )
        return apply_missing(connection)


def apply_missing(connection: Connection) -> tuple[str, ...]:
    """Apply the missing revisions in the open transaction; the caller is alone in the database."""
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
    # The same table as Alembic itself creates.
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
    """Run the migrations up to `revision` in the open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, revision)
