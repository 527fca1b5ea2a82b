"""What people can ask about deliveries: receipts, dead letters, counts. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.change import StatusChange
from bot.core.delivery import DeliveryKind, GuardFacts
from bot.core.hold import Hold, HoldReason
from bot.core.job import JobId
from bot.core.subscription import Place
from bot.core.text import Words

#: A delivery that waits longer than this without a hold is late.
OVERDUE_AFTER = timedelta(minutes=5)


class DeliveryState(Enum):
    """The state of a delivery."""

    WAITING = "waiting"
    #: A hold keeps it back: the place is paused or quiet, its job snoozed, or Slack asked to slow
    #: down.
    HELD = "held"
    #: It may have been sent: the bot searches Slack before it posts again.
    UNSURE = "unsure"
    SENT = "sent"
    DEAD = "dead"
    #: It was outdated when its turn came, and was not sent.
    OVERTAKEN = "overtaken"


class Overtaken(Enum):
    """Why a guard notice was not posted. The database keeps the values."""

    #: The run, or the wait, had ended.
    OVER = "over"
    #: No subscription of the place covered the job any more.
    UNFOLLOWED = "unfollowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """The state of one delivery, with the reason, for people who ask why."""

    kind: DeliveryKind
    state: DeliveryState
    #: None for a card that no change ordered.
    change: StatusChange | None
    sent_at: datetime | None
    #: Why it is held, dead or overtaken.
    reason: Words = ""
    #: The hold that keeps it back, if any.
    hold: Hold | None = None
    #: The hold that delayed it before it was sent, if people asked for one.
    held_by: HoldReason | None = None
    #: The id of the delivery, or of the group that contains it.
    delivery_id: str = ""
    #: The facts of a guard notice.
    guard: GuardFacts | None = None
    #: When it was enqueued.
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """Counts of the outbox. A held delivery counts as open, too."""

    open: int
    held: int
    dead: int
    oldest_open: timedelta | None
    #: For how long the oldest delivery without a hold has been due; None if there is none.
    oldest_free: timedelta | None = None
    #: Why the whole workspace is held: Slack's code for our token; empty if it is not.
    refusal: Words = ""
    #: Channels that refuse posts; only some of very many.
    shut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that the bot gave up."""

    delivery_id: str
    kind: DeliveryKind
    place: Place
    #: 0 if it is about no job.
    job_id: JobId
    changes: tuple[StatusChange, ...]
    reason: str
    died_at: datetime
    #: The facts of a guard notice.
    guard: GuardFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A place that refuses posts, whose deliveries wait."""

    place: Place
    paused_at: datetime
    people: tuple[str, ...]
