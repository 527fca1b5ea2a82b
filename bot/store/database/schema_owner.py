"""Determine whose tables a database holds: ours, none, or those of another program."""

import re
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, inspect, text

from bot.core.text import Text, Words, say
from bot.store.database.tables import metadata

VERSION_TABLE = "alembic_version"

_OURS = frozenset(table.name for table in metadata.tables.values())
# Every revision of our schema has this table.
_FIRST = "last_asked"
_REVISION = re.compile("[0-9]{4}")
# Litestream keeps tables of its own in the SQLite file that it copies.
_TOOLS = ("_litestream_",)
_SHOWN_TABLES = 5
_SHOWN_LETTERS = 60


class NotOurs(Exception):
    """The database's tables are not ours, or some of our tables are missing."""

    def __init__(self, sentence: Callable[[Words], Text], cure: Words) -> None:
        super().__init__()
        #: Returns the operator's sentence on what was found, given the database in words.
        self.sentence = sentence
        self.cure = cure


def read_revision(connection: Connection, newest: str) -> str:
    """Return the revision of our tables; empty if there are none and nothing is in their way.
    Raises NotOurs."""
    there = frozenset(inspect(connection).get_table_names())
    revisions = _revisions(connection) if VERSION_TABLE in there else []
    if not revisions:
        _refuse_tables_without_revision(connection, there)
        return ""
    revision = max(revisions)
    if not all(map(_REVISION.fullmatch, revisions)):
        raise other_revision(_names(revisions))
    if _FIRST not in there:
        raise _no_tables(revision)
    if revision == newest and (lost := _OURS - there):
        raise _lost_tables(_names(lost))
    return revision


def _revisions(connection: Connection) -> list[str]:
    # Another program's table of that name may have other columns.
    rows = connection.execute(text(f"SELECT * FROM {VERSION_TABLE}")).mappings()  # noqa: S608
    return [str(row.get("version_num", "")) for row in rows]


def _refuse_tables_without_revision(connection: Connection, there: frozenset[str]) -> None:
    """Raise NotOurs if a SQLite file has any table, apart from a tool's, or if a PostgreSQL schema,
    which several programs may share, has a table with a name of ours."""
    others = {name for name in there - {VERSION_TABLE} if not name.startswith(_TOOLS)}
    is_shared = connection.dialect.name == "postgresql" and VERSION_TABLE not in there
    in_the_way = others & _OURS if is_shared else others
    if in_the_way:
        raise _no_revision(_names(in_the_way))


def _names(found: Iterable[str]) -> str:
    names = sorted(found)
    more = ["…"] if len(names) > _SHOWN_TABLES else []
    return ", ".join([*(name[:_SHOWN_LETTERS] for name in names[:_SHOWN_TABLES]), *more])


#: What to do if DATABASE_URL names another program's database.
NAME_OURS = say(
    "Nothing was written. Let DATABASE_URL name the database that `visjob serve` uses, a new file"
    " or an empty database."
)
_RESTORE = say("Restore a backup of it, or let DATABASE_URL name the database that is whole.")


def other_revision(revision: str) -> NotOurs:
    """Return the error for a revision that no version of the bot has."""
    return NotOurs(
        lambda database: say(
            "This is not a database of VisJob: {database} is at revision {revision} of another"
            " program.",
            database=database,
            revision=revision,
        ),
        NAME_OURS,
    )


def _no_tables(revision: str) -> NotOurs:
    return NotOurs(
        lambda database: say(
            "This is not a database of VisJob: {database} is at revision {revision}, but has none"
            " of our tables.",
            database=database,
            revision=revision,
        ),
        NAME_OURS,
    )


def _no_revision(tables: str) -> NotOurs:
    return NotOurs(
        lambda database: say(
            "This is not a database of VisJob: {database} has tables ({tables}), but no revision"
            " of ours.",
            database=database,
            tables=tables,
        ),
        NAME_OURS,
    )


def _lost_tables(tables: str) -> NotOurs:
    return NotOurs(
        lambda database: say(
            "This is a database of VisJob that was damaged: {database} has lost the tables"
            " {tables}.",
            database=database,
            tables=tables,
        ),
        _RESTORE,
    )
