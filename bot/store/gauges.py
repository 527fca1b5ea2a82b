"""What the database knows that an operator's dashboard shows: figures over all that is served."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, and_, case, func, select

from bot.core.delivery import DeliveryKind
from bot.core.hold import UNNOTICED, HoldReason
from bot.core.job import JobStatus, Phase
from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE
from bot.store.delivering.dead_letters import count_dead_letters
from bot.store.delivering.holding import is_held

#: A delivery that nothing holds and that is older is overdue.
OVERDUE_AFTER = timedelta(minutes=5)

# What Slack or the network keeps back is late, too; only what people or we ourselves hold is not.
_NO_EXCUSE = frozenset({*UNNOTICED, HoldReason.ASKED_TO_WAIT, HoldReason.FROZEN})
_RUNNING = tuple(status.value for status in JobStatus if status.phase is Phase.RUNNING)
_HOUR = timedelta(hours=1)
_NO_TIME = timedelta(0)


class OutboxState(Enum):
    """How far what is not sent yet has come."""

    WAITING = "waiting"
    #: A hold covers it.
    HELD = "held"
    #: It may have been sent: Slack is searched before it is posted again.
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """The figures, all of the same moment."""

    watched_jobs: int
    subscriptions: int
    outbox: Mapping[OutboxState, int] = field(default_factory=dict)
    dead_letters: int
    running_job_hours: float


def read_gauges(transaction: Transaction) -> Gauges:
    """Count."""
    watched, subscription = tables.watched_job, tables.subscription
    return Gauges(
        watched_jobs=_count(transaction, watched.c.next_at.is_not(None)),
        subscriptions=_count(transaction, subscription.c.state.in_(LIVE)),
        outbox=_outbox(transaction),
        dead_letters=count_dead_letters(transaction),
        running_job_hours=_running_hours(transaction),
    )


def has_overdue(transaction: Transaction) -> bool:
    """True if a delivery is late, and only Slack, the network or we are to blame."""
    c = tables.delivery.c
    query = select(c.id).where(
        c.state == "open",
        c.created_at < transaction.now - OVERDUE_AFTER,
        ~is_held(transaction.now, but_for=_NO_EXCUSE),
    )
    return transaction.connection.scalar(query.limit(1)) is not None


def subscribed_channels(transaction: Transaction, team_id: str) -> tuple[str, ...]:
    """The channels of a workspace that follow something; no direct messages."""
    c = tables.subscription.c
    query = (
        select(c.channel_id)
        .where(c.team_id == team_id, c.state.in_(LIVE), c.channel_id.not_like("D%"))
        .distinct()
        .order_by(c.channel_id)
    )
    return tuple(transaction.connection.scalars(query))


def _count(transaction: Transaction, condition: ColumnElement[bool]) -> int:
    return transaction.connection.scalar(select(func.count()).where(condition)) or 0


def _outbox(transaction: Transaction) -> dict[OutboxState, int]:
    c = tables.delivery.c
    is_unsure = and_(c.state == "open", c.intent_at.is_not(None), c.lease_until.is_(None))
    state = case(
        (is_unsure, OutboxState.UNSURE.value),
        (is_held(transaction.now, but_for=UNNOTICED), OutboxState.HELD.value),
        else_=OutboxState.WAITING.value,
    ).label("reached")
    # A group stands for its members, which are counted.
    unsent = select(state).where(
        c.state.in_(("open", "grouped")), c.kind != DeliveryKind.CHANGES.value
    )
    rows = unsent.subquery()
    query = select(rows.c.reached, func.count()).group_by(rows.c.reached)
    found = transaction.connection.execute(query).all()
    return {OutboxState(reached): number for reached, number in found}


def _running_hours(transaction: Transaction) -> float:
    """A job that several workspaces watch runs once."""
    c = tables.watched_job.c
    query = select(c.project_id, c.job_id, c.duration, c.created_at, c.read_at).where(
        c.status.in_(_RUNNING), c.next_at.is_not(None), c.is_gone.is_(False)
    )
    lengths = {
        (row.project_id, row.job_id): _ran(
            row.duration, row.created_at, row.read_at, transaction.now
        )
        for row in transaction.connection.execute(query)
    }
    return sum(lengths.values(), _NO_TIME) / _HOUR


def _ran(
    duration: timedelta | None,
    created_at: datetime | None,
    read_at: datetime | None,
    now: datetime,
) -> timedelta:
    """As the cloud counted when it was read, and since then; else since it was made."""
    if duration is not None and read_at is not None:
        return max(duration + max(now - read_at, _NO_TIME), _NO_TIME)
    return max(now - created_at, _NO_TIME) if created_at is not None else _NO_TIME
