"""Read the schema of a database, so that two databases can be compared."""

import re

from sqlalchemy import Connection, text

_REVISION = "SELECT version_num FROM alembic_version"
_SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_POSTGRESQL = (
    "SELECT relname, relkind, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    "SELECT table_name, column_name, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
)


def read_catalog(connection: Connection) -> set[str]:
    """Return the revision, and every table, column, index and constraint."""
    known = {f"revision {revision}" for revision in connection.scalars(text(_REVISION))}
    if connection.dialect.name == "postgresql":
        rows = [row for query in _POSTGRESQL for row in connection.execute(text(query))]
        return known | {" ".join(map(str, row)) for row in rows}
    for kind, name, table, sql in connection.execute(text(_SQLITE)):
        # SQLite stores the text of CREATE statements; a column that was added later comes last.
        words = re.sub(r"\s*([(),])\s*", r"\1", " ".join((sql or "").split()))
        words = re.sub(r"DEFAULT '(\d+)'", r"DEFAULT \1", words)  # equal for a column of numbers
        parts = re.split(r",(?![^(]*\))", words.removesuffix(")"))
        known |= {f"{kind} {table}.{name}: {part}" for part in parts}
    return known
