"""Care for a job that costs money: whose it is, and until when somebody keeps it. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.core.job import Phase


class GuardKind(Enum):
    """What a guard notice is about. The values are part of the contract."""

    #: It has run for an hour mark of the settings.
    COST = "cost"
    #: Nobody keeps it any longer, and it still runs.
    LEASE_OVER = "lease_over"
    #: It has been queued or stopping for longer than usual.
    STUCK = "stuck"

    @property
    def phases(self) -> frozenset[Phase]:
        """In which phases of a job it is told."""
        return _WAITING if self is GuardKind.STUCK else _RUNNING


_WAITING = frozenset({Phase.QUEUED, Phase.STOPPING})
_RUNNING = frozenset({Phase.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Somebody wants a job to run on: no cost of it is told until then."""

    until: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCare:
    """What people said of a job."""

    #: Who claimed it, or whom its description names; empty for nobody.
    owner: str = ""
    keep: Keep | None = None


#: Nobody said anything.
NO_CARE = JobCare()


class KeepVerdict(Enum):
    """What became of a sentence that keeps a job."""

    KEPT = auto()
    #: It does not run, so it costs nothing.
    NOT_RUNNING = auto()
    #: No subscription covers it, so nobody is told of its cost anyway.
    NOT_FOLLOWED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange:
    """Whose a job was and is; both empty for nobody, the same where nothing was changed."""

    before: str
    after: str


def owner_of(description: str, *, claimed_by: str | None, disclaimed_by: str | None) -> str:
    """Who claimed the job, else whom its description names, unless that person said no."""
    named = described_owner(description)
    return claimed_by or (named if named != disclaimed_by else "")


def described_owner(description: str) -> str:
    """The first user id after `owner:`; empty where there is none."""
    found = _OWNER.search(description)
    return (found[1] or found[2]) if found else ""


# A bare id has a digit, as Slack makes them: `owner: WAREHOUSE` names no person.
_OWNER = re.compile(
    r"(?<![\w-])(?i:owner)\s*[:：]\s*"  # the wide one of Chinese keyboards, too
    r"(?:<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>|([UW](?=[A-Z]*[0-9])[A-Z0-9]{1,20})(?![\w-]))"
)
