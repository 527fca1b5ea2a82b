"""What became of deliveries, for people who ask: receipts, dead letters, figures. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.change import StatusChange
from bot.core.delivery import DeliveryKind, GuardFacts
from bot.core.hold import Hold
from bot.core.job import JobId
from bot.core.subscription import Place
from bot.core.text import Words


class DeliveryState(Enum):
    """How far a delivery has come."""

    WAITING = "waiting"
    #: Its place is paused or quiet, its job is snoozed, or Slack asked to slow down.
    HELD = "held"
    #: It may have been sent: Slack is searched before anything is posted again.
    UNSURE = "unsure"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """What became of one delivery, for the people who ask why."""

    kind: DeliveryKind
    state: DeliveryState
    #: None for a card that no change has ordered.
    change: StatusChange | None
    sent_at: datetime | None
    #: Why it is held or dead.
    reason: Words = ""
    #: What holds it, where something does.
    hold: Hold | None = None
    #: Of the delivery itself, or of the group that it is in.
    delivery_id: str = ""
    #: What a guard notice says.
    guard: GuardFacts | None = None
    #: When it was put into the outbox.
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """The outbox in figures; a held delivery is open, too."""

    open: int
    held: int
    dead: int
    oldest_open: timedelta | None
    #: Channels that are waited for, because Slack does not let us post there; some of very many.
    shut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that was given up."""

    delivery_id: str
    kind: DeliveryKind
    place: Place
    #: 0 where it is of no job.
    job_id: JobId
    changes: tuple[StatusChange, ...]
    reason: str
    died_at: datetime
    #: What a guard notice says.
    guard: GuardFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A place that cannot be posted to, and whose subscriptions wait there."""

    place: Place
    paused_at: datetime
    people: tuple[str, ...]
