"""What tables are made of in both databases: how times and spans are kept, indexes in part."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    MetaData,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


#: In which spans are kept.
MILLISECOND = timedelta(milliseconds=1)


_WITHOUT_ZONE = len("2026-03-01 12:00:00.000000")


def when(condition: str) -> dict[str, Any]:
    """The condition of an index over some of the rows only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def in_sqlite(value: datetime) -> str:
    """An aware time as UtcTime keeps it in SQLite, for statements that speak to the driver."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time and turn any other into UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn the session's zone into UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """How a value is read; SQLite's in one step instead of three."""
        is_sqlite = dialect.name == "sqlite"
        return _from_sqlite if is_sqlite else super().result_processor(dialect, coltype)


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Span(TypeDecorator[timedelta]):
    """A length of time, kept in milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Count the milliseconds."""
        del dialect
        return None if value is None else value // MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        """Make a span of them again."""
        del dialect
        return None if value is None else value * MILLISECOND
