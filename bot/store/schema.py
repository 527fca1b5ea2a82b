"""Which revision a database is at, and how it comes to ours. Alembic is imported only to move."""

from importlib.resources import as_file, files

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

_MIGRATIONS = "bot.store.migrations"

# Any number will do, as long as every version of the bot takes the same.
_MIGRATION_LOCK = 7_647_562_001


def known_revisions() -> tuple[str, ...]:
    """Name the revisions that this version of the bot knows, oldest first."""
    names = (entry.name for entry in files(_MIGRATIONS).joinpath("versions").iterdir())
    return tuple(sorted(name[1:5] for name in names if name.startswith("v")))


def current_revision(connection: Connection) -> str:
    """Read the database's revision; empty if no migration ever ran."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT max(version_num) FROM alembic_version")) or ""


def is_current(revision: str) -> bool:
    """True if all our tables are there. A newer bot may have added more: they do no harm."""
    return revision >= known_revisions()[-1]


async def bring_up(writer: AsyncEngine) -> tuple[str, ...]:
    """Apply the missing revisions in one transaction and name them.

    Whoever comes second waits and then finds nothing to do: SQLite admits one writer; on
    PostgreSQL a lock does it that ends with the transaction, so that a pooler cannot leak it.
    """
    async with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
            )
        return await connection.run_sync(_apply_missing)


def _apply_missing(connection: Connection) -> tuple[str, ...]:
    before = current_revision(connection)
    if is_current(before):
        return ()
    _upgrade(connection)
    return tuple(revision for revision in known_revisions() if revision > before)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    with as_file(files(_MIGRATIONS)) as folder:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        command.upgrade(config, "head")
