"""When a job counts as deleted: two denials and a list must agree. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.job import JobId
from bot.core.listing import Listing
from bot.core.project import Project

_LONGEST_APART = timedelta(seconds=30)


def least_apart(interval: timedelta) -> timedelta:
    """Return how far apart two denials must be, if jobs are read once in each `interval`."""
    return min(interval, _LONGEST_APART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The evidence that a job is deleted. All times are by one clock."""

    #: How often in a row the cloud denied the job, by its own error code.
    denials: int = 0
    first_denied_at: datetime | None = None
    last_denied_at: datetime | None = None
    #: When the bot asked for the latest complete list that lacks the job.
    unlisted_at: datetime | None = None

    def add_denial(self, at: datetime) -> "Absence":
        """Add a denial by the cloud."""
        return replace(
            self,
            denials=self.denials + 1,
            first_denied_at=self.first_denied_at or at,
            last_denied_at=at,
        )

    def add_list_without(self, asked_at: datetime) -> "Absence":
        """Add a complete list without the job; the bot asked for it at this time or later."""
        return replace(self, unlisted_at=asked_at)

    def is_proved(self, *, apart: timedelta) -> bool:
        """Return True if there are two denials at least this far `apart`, and a list that was
        asked for after the first of them."""
        first, last, unlisted = self.first_denied_at, self.last_denied_at, self.unlisted_at
        if first is None or last is None or unlisted is None:
            return False
        return self.denials > 1 and last - first >= apart and unlisted >= first


#: No evidence: the latest read or list shows the job.
PRESENT = Absence()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEvidence:
    """A list of the project, as evidence which jobs exist."""

    #: The project whose jobs the list shows.
    project: Project
    #: By the store's clock; the list was asked for then, or later.
    asked_at: datetime
    #: Every job in the list, also if its row cannot be parsed otherwise.
    shown: frozenset[JobId]
    #: False if rows are missing or a row has no readable id: such a list proves no absence.
    is_complete: bool = True


def list_evidence(listing: Listing, *, project: Project, asked_at: datetime) -> ListEvidence:
    """Return the evidence that a list gives."""
    odd = [row.job_id for row in listing.odd]
    return ListEvidence(
        project=project,
        asked_at=asked_at,
        shown=frozenset((*(job.id for job in listing.jobs), *(id for id in odd if id))),
        is_complete=listing.is_whole and None not in odd,
    )
