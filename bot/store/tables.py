"""The tables as the queries see them; the migrations make them so, and a test compares the two."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, DateTime, Dialect, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator


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
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

#: The job each person asked for most recently, so that `last` means something.
last_asked = Table(
    "last_asked",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
)
