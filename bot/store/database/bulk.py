"""One statement for very many rows: what a statement for each of them costs is mostly not SQL.

SQLite takes the rows one after the other within one call; PostgreSQL takes all of them as one
value. Both ways past SQLAlchemy's types, of which a row would pay for each value.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Boolean, ColumnElement, Text, literal, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.store.database.columns import in_sqlite
from bot.store.database.database import Transaction


class BulkStatement:
    """A statement in both databases' words; `{name}` stands for a value in either.

    `shared` are the values that all rows have in common; `each` are those of each row, with their
    types, which only PostgreSQL needs. There `{rows}` stands for the rows, under the name `given`.
    """

    def __init__(
        self, *, sqlite: str, postgresql: str, shared: Sequence[str], each: Mapping[str, str]
    ) -> None:
        self._shared = tuple(shared)
        numbers = {name: f"?{n}" for n, name in enumerate((*shared, *each), start=1)}
        self._sqlite = sqlite.format(**numbers)
        names = {name: f":{name}" for name in shared} | {name: f"given.{name}" for name in each}
        # Each row names all values: with short ones a third less is sent and read.
        short = {name: f"c{n}" for n, name in enumerate(each)}
        self._short = tuple(short.values())
        typed = ", ".join(f"{short[name]} {kind}" for name, kind in each.items())
        named = ", ".join(f"{one} AS {name}" for name, one in short.items())
        rows = f"(SELECT {named} FROM json_to_recordset(:rows) AS c ({typed})) AS given"  # noqa: S608
        self._postgresql = text(postgresql.format(rows=rows, **names))

    def run(
        self,
        transaction: Transaction,
        shared: Mapping[str, object],
        rows: Sequence[tuple[object, ...]],
    ) -> int:
        """Run it for these rows, and count those that it changed.

        The values of a row stand in the order of `each`, its times encoded by `time_encoder`.
        """
        if not rows:
            return 0
        connection = transaction.connection
        if connection.dialect.name == "sqlite":
            values = [shared[name] for name in self._shared]
            first = tuple(in_sqlite(v) if isinstance(v, datetime) else v for v in values)
            done = connection.exec_driver_sql(self._sqlite, [first + row for row in rows])
            return done.rowcount
        changed = 0
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            sent = orjson.dumps([dict(zip(self._short, row, strict=True)) for row in some]).decode()
            found = connection.execute(self._postgresql, {**shared, "rows": sent})
            changed += found.rowcount
        return changed


# PostgreSQL breaks off a statement that takes too long: we ask it to.
_AT_ONCE = 5_000


def insertion(
    into: str, values: str, on_conflict: str, *, shared: Sequence[str], each: Mapping[str, str]
) -> BulkStatement:
    """An INSERT of these values, and what to do about a row that is there."""
    first, last = f"INSERT INTO {into}", f"ON CONFLICT {on_conflict}"
    return BulkStatement(
        sqlite=f"{first} VALUES ({values}) {last}",
        postgresql=f"{first} SELECT {values} FROM {{rows}} {last}",  # noqa: S608 - ours
        shared=shared,
        each=each,
    )


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()


def among(column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """`column IN ids`, however many: they travel as one value, and are found by their key."""
    return _Among(column, literal(orjson.dumps(list(ids)).decode(), Text()))


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - our own


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(one, **kw) for one in element.clauses)
    listed = f"SELECT json_array_elements_text(CAST({ids} AS json))::bigint"
    return f"{column} = ANY (ARRAY({listed}))"


def time_encoder(transaction: Transaction) -> Callable[[datetime], object]:
    """How a time in a row of a BulkStatement is given to this database."""
    is_sqlite = transaction.connection.dialect.name == "sqlite"
    return in_sqlite if is_sqlite else lambda value: value
