"""What a project's morning line says. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What a project's morning line says."""

    running: int
    #: How long the one that has run longest has; None where none runs, or nobody knows.
    oldest: timedelta | None
    #: Ended so since yesterday began.
    failed: int
    yesterday: timedelta
    day_before: timedelta

    @property
    def is_news(self) -> bool:
        """False for a day on which there is nothing to say."""
        return bool(self.running or self.failed or self.yesterday)
