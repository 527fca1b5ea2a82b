"""When a job counts as deleted: the rule of three witnesses. Pure: no clock, no I/O."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.job import JobId
from bot.core.listing import Listing
from bot.core.project import Project

_LONGEST_APART = timedelta(seconds=30)


def least_apart(interval: timedelta) -> timedelta:
    """How far apart two denials must be, where jobs are read once in each `interval`."""
    return min(interval, _LONGEST_APART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What speaks for it that a job is gone. All times are by one clock."""

    #: How often in a row the cloud denied the job, in its own words.
    denials: int = 0
    first_denied_at: datetime | None = None
    last_denied_at: datetime | None = None
    #: When the last complete list was asked for that lacks the job.
    unlisted_at: datetime | None = None

    def deny(self, at: datetime) -> "Absence":
        """The cloud denied the job once more."""
        return replace(
            self,
            denials=self.denials + 1,
            first_denied_at=self.first_denied_at or at,
            last_denied_at=at,
        )

    def miss(self, asked_at: datetime) -> "Absence":
        """A complete list lacks the job. It was asked for then, or later."""
        return replace(self, unlisted_at=asked_at)

    def is_proved(self, *, apart: timedelta) -> bool:
        """True if all three witnesses say so: two denials at least so far `apart`, and a list that
        was asked for after the first of them."""
        first, last, unlisted = self.first_denied_at, self.last_denied_at, self.unlisted_at
        if first is None or last is None or unlisted is None:
            return False
        return self.denials > 1 and last - first >= apart and unlisted >= first


#: Nothing speaks for it: the job was read, or a list shows it.
PRESENT = Absence()


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """A list of the project, as a witness of who is there."""

    #: Whose denied jobs it is heard about.
    project: Project
    #: By the store's clock; the list was asked for then, or later.
    asked_at: datetime
    #: Every job that it shows, also in a row that cannot be read otherwise.
    shown: frozenset[JobId]
    #: False if a row hides whose it is, or if rows are missing: then no job is known to be gone.
    is_complete: bool = True


def call_roll(listing: Listing, *, project: Project, asked_at: datetime) -> RollCall:
    """What a list says of who is there."""
    odd = [row.job_id for row in listing.odd]
    return RollCall(
        project=project,
        asked_at=asked_at,
        shown=frozenset((*(job.id for job in listing.jobs), *(id for id in odd if id))),
        is_complete=listing.is_whole and None not in odd,
    )
