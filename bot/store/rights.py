"""Determine which rights the role of DATABASE_URL lacks, for this version and for the next."""

from sqlalchemy import text

from bot.store.database import schema, tables
from bot.store.database.database import Transaction

_OURS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_LACKING = text(
    "SELECT format('GRANT %s ON ALL TABLES IN SCHEMA %I TO %I;',"
    " array_to_string(CAST(:rights AS text[]), ', '), schemaname, current_user)"
    " FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY(:names)"
    " AND EXISTS (SELECT 1 FROM unnest(CAST(:rights AS text[])) AS needed WHERE NOT"
    " has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), needed))"
    " LIMIT 1"
)


def missing_grants(transaction: Transaction) -> tuple[str, str]:
    """Return the GRANT that this version needs and the one that the next may need for its tables;
    each is empty if nothing is missing. A SQLite file has no roles."""
    connection = transaction.connection
    if connection.dialect.name == "sqlite":
        return "", ""
    names = list(tables.metadata.tables)
    given = {"names": names, "rights": list(_OURS)}
    return connection.scalar(_LACKING, given) or "", schema.missing_grant(connection)
