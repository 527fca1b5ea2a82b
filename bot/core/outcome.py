"""What became of a press on a message of ours, which says so from then on. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.acting import Asked
from bot.core.place_rules import PlaceRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A running job is kept."""

    by: str
    until: datetime
    #: The clock time that was meant, with its zone; empty for a span.
    clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNoMore:
    """The lease of a job was ended."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The job is theirs."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclaimed:
    """The job is not theirs."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The place follows the job (again)."""

    by: str
    #: Without messages.
    is_card_alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDecided:
    """The place that was offered a digest has these rules from then on."""

    rules: PlaceRules
    #: Nobody shall offer it again.
    is_declined: bool
    by: str


#: What became of a press that is about a job.
JobOutcome = Kept | KeptNoMore | Claimed | Disclaimed | Followed | Asked
Outcome = JobOutcome | DigestDecided
