"""Column types and partial indexes for both databases: times in UTC, spans in milliseconds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


#: The unit in which a Span column stores a length of time.
MILLISECOND = timedelta(milliseconds=1)


_WITHOUT_ZONE = len("2026-03-01 12:00:00.000000")


def partial_index(condition: str) -> dict[str, Any]:
    """Return the arguments of a partial index, which covers only the rows with this condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def in_sqlite(value: datetime) -> str:
    """Return an aware time as UtcTime stores it in SQLite, for values that go to the driver."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC, because SQLite does not store a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware time to UTC. Raises ValueError for a naive one."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a time from the session's zone to UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return the function that decodes a value; SQLite's takes one step instead of three."""
        is_sqlite = dialect.name == "sqlite"
        return _from_sqlite if is_sqlite else super().result_processor(dialect, coltype)


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Span(TypeDecorator[timedelta]):
    """A length of time, stored in milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Convert a length of time to whole milliseconds."""
        del dialect
        return None if value is None else value // MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        """Convert milliseconds to a length of time."""
        del dialect
        return None if value is None else value * MILLISECOND
