"""The bot's own health, as rows that `status`, `doctor` and the readiness page share."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from bot.core.project import Project
from bot.core.subscription import Place
from bot.core.text import Words


class Verdict(Enum):
    """The result of one check."""

    OK = "ok"
    #: Worth knowing; the bot works all the same.
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its subject, its result, and the cure if something is wrong."""

    name: Words
    verdict: Verdict
    found: Words
    cure: Words = ""
    #: A button: its label, and the sentence that a press runs.
    more: tuple[Words, str] | None = None
    #: Replaces `found` and `cure` in Slack if those name a host or quote a driver.
    told: tuple[Words, Words] | None = None

    @property
    def for_people(self) -> "Check":
        """Return the check as people in Slack see it."""
        if self.told is None:
            return self
        found, cure = self.told
        return replace(self, found=found, cure=cure, told=None)

    @property
    def key(self) -> str:
        """Return the name for programs: `slack_token`."""
        return str(self.name).lower().replace(" ", "_")


#: The places that the person who asks may see.
SeenPlaces = Callable[[Collection[Place]], Awaitable[Collection[Place]]]

#: Runs the cheap checks of a project; it names only places that the person may see.
HealthReport = Callable[[Project, SeenPlaces], Awaitable[tuple[Check, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """When the cloud was last read well, and since when reads have failed."""

    last_good_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: Words = ""
    #: Since when every read of the list and of jobs was answered with 404 or 410.
    missing_since: datetime | None = None
