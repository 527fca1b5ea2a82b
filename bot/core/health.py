"""How well the bot itself is, as rows that `status`, `doctor` and the readiness page share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.project import Project
from bot.core.text import Words


class Verdict(Enum):
    """What one check found."""

    OK = "ok"
    #: Worth knowing; the bot still does its work.
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at, what was found, and the cure where it is not ok."""

    name: Words
    verdict: Verdict
    found: Words
    cure: Words = ""
    #: A button: its label, and the sentence that it says.
    more: tuple[Words, str] | None = None

    @property
    def key(self) -> str:
        """The name for programs: `slack_token`."""
        return str(self.name).lower().replace(" ", "_")


#: Looks at everything of a project that can be looked at cheaply.
HealthReport = Callable[[Project], Awaitable[tuple[Check, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """When the cloud was last read well, and since when it has failed."""

    last_good_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: Words = ""
    #: Since when the list and each job have been answered by nothing but 404 or 410.
    missing_since: datetime | None = None
