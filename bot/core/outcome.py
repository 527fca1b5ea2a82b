"""The outcome of a press on one of our messages, which the message shows from then on. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.acting import RequestedAction
from bot.core.place_rules import PlaceRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Somebody keeps the running job."""

    by: str
    until: datetime
    #: The clock time that the person typed, with its zone; empty for a span.
    clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNoMore:
    """Somebody ended the keep of a job."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Somebody claimed the job."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclaimed:
    """Somebody disclaimed the job."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The place follows the job (again)."""

    by: str
    #: True if only a card follows it, without messages.
    is_card_alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDecided:
    """Somebody answered the offer of a digest; the place has these rules now."""

    rules: PlaceRules
    #: True if the offer must not come again.
    is_declined: bool
    by: str


#: The outcomes of presses about a job.
JobOutcome = Kept | KeptNoMore | Claimed | Disclaimed | Followed | RequestedAction
Outcome = JobOutcome | DigestDecided
