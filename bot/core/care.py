"""Care for a job that costs money: whose it is, and until when somebody keeps it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class GuardKind(Enum):
    """What a guard notice is about. The values are part of the contract."""

    #: It has run for an hour mark of the settings.
    COST = "cost"
    #: Nobody keeps it any longer, and it still runs.
    LEASE_OVER = "lease_over"
    #: It has been queued or stopping for longer than usual.
    STUCK = "stuck"


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
