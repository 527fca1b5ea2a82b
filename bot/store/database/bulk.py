"""Run one statement for thousands of rows, because most of the cost of a statement is not SQL.

SQLite gets the rows one by one within one call of the driver, PostgreSQL gets them as one JSON
value. Both bypass SQLAlchemy's types, whose conversion of each value would cost more than the SQL.
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
    """A statement in the SQL of both databases; `{name}` marks a value in either text.

    `shared` names the values that all rows have in common; `each` maps the values of each row to
    their PostgreSQL types. In the PostgreSQL text `{rows}` marks the rows, with the alias `given`.
    """

    def __init__(
        self, *, sqlite: str, postgresql: str, shared: Sequence[str], each: Mapping[str, str]
    ) -> None:
        self._shared = tuple(shared)
        numbers = {name: f"?{n}" for n, name in enumerate((*shared, *each), start=1)}
        self._sqlite = sqlite.format(**numbers)
        names = {name: f":{name}" for name in shared} | {name: f"given.{name}" for name in each}
        # The JSON repeats the names in each row: short names save a third of what is sent.
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
        """Run the statement for these rows and return how many rows it changed.

        The values of a row are in the order of `each`; `time_encoder` has encoded the times.
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


# Rows per statement on PostgreSQL, so that none runs into the statement_timeout that we set.
_AT_ONCE = 5_000


def insertion(
    into: str, values: str, on_conflict: str, *, shared: Sequence[str], each: Mapping[str, str]
) -> BulkStatement:
    """Return an INSERT of these values with this ON CONFLICT clause."""
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
    """Return the condition `column IN ids`. Any number of ids travels as one JSON value, and the
    database still finds the rows by the index of `column`."""
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
    """Return the function that encodes the times in a BulkStatement's rows for this database."""
    is_sqlite = transaction.connection.dialect.name == "sqlite"
    return in_sqlite if is_sqlite else lambda value: value
