"""Who owns a job that costs money, and until when somebody keeps it. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.core.job import Phase


class GuardKind(Enum):
    """The kinds of a guard notice. The contract fixes the values."""

    #: The job has run up to an hour mark of the settings.
    COST = "cost"
    #: The keep has ended, and the job still runs.
    LEASE_OVER = "lease_over"
    #: The job has been queued or stopping for longer than usual.
    STUCK = "stuck"

    @property
    def phases(self) -> frozenset[Phase]:
        """Return the phases of a job in which such a notice is sent."""
        return _WAITING if self is GuardKind.STUCK else _RUNNING


_WAITING = frozenset({Phase.QUEUED, Phase.STOPPING})
_RUNNING = frozenset({Phase.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """A person's decision that a job may run on: until its end, no notice of the cost is sent."""

    until: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCare:
    """Who keeps and who owns a job."""

    #: The person who claimed the job, or whom its description names; empty for nobody.
    owner: str = ""
    keep: Keep | None = None


#: Nobody keeps, owns or disclaims the job.
NO_CARE = JobCare()


class KeepVerdict(Enum):
    """How a request to keep a job ended."""

    KEPT = auto()
    #: The job does not run, so it costs nothing.
    NOT_RUNNING = auto()
    #: No subscription covers the job, so nobody gets a notice of its cost.
    NOT_FOLLOWED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange:
    """The owner before and after; empty for nobody. Both are equal if nothing changed."""

    before: str
    after: str


def owner_of(description: str, *, claimed_by: str | None, disclaimed_by: str | None) -> str:
    """Return who claimed the job, else whom its description names and who did not disclaim it."""
    named = described_owner(description)
    return claimed_by or (named if named != disclaimed_by else "")


def described_owner(description: str) -> str:
    """Return the first user id after `owner:` in a description; empty if there is none."""
    found = _OWNER.search(description)
    return (found[1] or found[2]) if found else ""


# A bare id has a digit, as Slack makes them: `owner: WAREHOUSE` names no person.
_OWNER = re.compile(
    r"(?<![\w-])(?i:owner)\s*[:：]\s*"  # the wide one of Chinese keyboards, too
    r"(?:<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>|([UW](?=[A-Z]*[0-9])[A-Z0-9]{1,20})(?![\w-]))"
)
