"""Compute the figures of an operator's dashboard, over all workspaces of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, and_, case, func, select

from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import OVERDUE_AFTER
from bot.core.hold import TOO_SHORT, HoldReason
from bot.core.job import JobStatus, Phase
from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE
from bot.store.delivering.dead_letters import count_dead_letters
from bot.store.delivering.holding import is_held
from bot.store.delivering.lateness import oldest_free

# Every reason except a refusal of Slack's, which waits for people.
_NOT_REFUSED = frozenset(HoldReason) - {HoldReason.REFUSED}
_RUNNING = tuple(status.value for status in JobStatus if status.phase is Phase.RUNNING)
# Members of a group are counted, so that the group itself is not.
_IS_UNSENT = and_(
    tables.delivery.c.state.in_(("open", "grouped")),
    tables.delivery.c.kind != DeliveryKind.CHANGES.value,
)
_HOUR = timedelta(hours=1)
_NO_TIME = timedelta(0)


class OutboxState(Enum):
    """Why a delivery is not sent yet."""

    WAITING = "waiting"
    #: A hold covers it.
    HELD = "held"
    #: It may have been sent: Slack is searched before it is posted again.
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """The figures, all read in one transaction."""

    watched_jobs: int
    subscriptions: int
    outbox: Mapping[OutboxState, int] = field(default_factory=dict)
    #: How many unsent deliveries wait until Slack lets us post in their channel.
    kept_out: int
    #: How long the oldest delivery could have been sent that people do not hold; zero if none.
    oldest_free: timedelta
    dead_letters: int
    running_job_hours: float


def read_gauges(transaction: Transaction) -> Gauges:
    """Count everything in few statements, because a slow database takes long for each."""
    watched_jobs, subscriptions, kept_out = _counts(
        transaction,
        tables.watched_job.c.next_at.is_not(None),
        tables.subscription.c.state.in_(LIVE),
        and_(_IS_UNSENT, is_held(transaction.now, but_for=_NOT_REFUSED)),
    )
    return Gauges(
        watched_jobs=watched_jobs,
        subscriptions=subscriptions,
        outbox=_outbox(transaction),
        kept_out=kept_out,
        oldest_free=oldest_free(transaction) or _NO_TIME,
        dead_letters=count_dead_letters(transaction),
        running_job_hours=_running_hours(transaction),
    )


def has_overdue(transaction: Transaction) -> bool:
    """True if a delivery is late because of Slack, the network or us, not because of people."""
    return (oldest_free(transaction) or _NO_TIME) > OVERDUE_AFTER


def subscribed_channels(transaction: Transaction, team_id: str) -> tuple[str, ...]:
    """Return the channels of a workspace that follow something, without direct messages."""
    c = tables.subscription.c
    query = (
        select(c.channel_id)
        .where(c.team_id == team_id, c.state.in_(LIVE), c.channel_id.not_like("D%"))
        .distinct()
        .order_by(c.channel_id)
    )
    return tuple(transaction.connection.scalars(query))


def _counts(transaction: Transaction, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Return how many rows satisfy each condition."""
    counts = [select(func.count()).where(one).scalar_subquery() for one in conditions]
    return transaction.connection.execute(select(*counts)).one()


def _outbox(transaction: Transaction) -> dict[OutboxState, int]:
    c = tables.delivery.c
    is_unsure = and_(c.state == "open", c.intent_at.is_not(None), c.lease_until.is_(None))
    state = case(
        (is_unsure, OutboxState.UNSURE.value),
        (is_held(transaction.now, but_for=TOO_SHORT), OutboxState.HELD.value),
        else_=OutboxState.WAITING.value,
    ).label("reached")
    rows = select(state).where(_IS_UNSENT).subquery()
    query = select(rows.c.reached, func.count()).group_by(rows.c.reached)
    found = transaction.connection.execute(query).all()
    return {OutboxState(reached): number for reached, number in found}


def _running_hours(transaction: Transaction) -> float:
    """Sum the hours of all running jobs; a job that several workspaces watch counts once."""
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
    """Return how long a job has run: the cloud's duration plus the time since that read; without a
    duration the time since the job was created."""
    if duration is not None and read_at is not None:
        return max(duration + max(now - read_at, _NO_TIME), _NO_TIME)
    return max(now - created_at, _NO_TIME) if created_at is not None else _NO_TIME
