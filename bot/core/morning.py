"""The facts of a project's morning line. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The facts of a project's morning line."""

    running: int
    #: How long the longest running job has run; None if none runs, or nobody knows.
    oldest: timedelta | None
    #: Jobs that failed since yesterday began.
    failed: int
    yesterday: timedelta
    day_before: timedelta
    #: False if part of the two days was not watched, so that they cannot be compared.
    is_whole: bool = True
    #: When the jobs were last read; None if that is now.
    as_of: datetime | None = None

    @property
    def is_news(self) -> bool:
        """Return False for a day without anything to report."""
        return bool(self.running or self.failed or self.yesterday)
