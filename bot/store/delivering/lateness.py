"""When a delivery begins to be late. The time in which people hold it does not count, nor the
time before a person reopens it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from bot.core.delivery import DeliveryKind
from bot.core.hold import NAMED_IN_MESSAGES, NOT_LATENESS, TOO_SHORT, HoldReason
from bot.store.database import tables
from bot.store.database.conditions import Moment
from bot.store.database.database import Transaction
from bot.store.delivering.holding import covers, is_held, is_urgent

#: Match a message about a job, or the card of a job.
IS_OF_JOB = tables.delivery.c.kind.in_(
    [
        kind.value
        for kind in (
            DeliveryKind.CARD,
            DeliveryKind.CHANGE,
            DeliveryKind.CHANGES,
            DeliveryKind.GUARD,
        )
    ]
)
# A hold for one of these reasons does not excuse lateness, because Slack caused it.
_COUNTS_AS_LATENESS = frozenset({*TOO_SHORT, HoldReason.ASKED_TO_WAIT, HoldReason.FROZEN})
# A group is late if its members are, and a greeting may wait until Slack lets us post.
_NOT_MISSED = (DeliveryKind.CHANGES.value, DeliveryKind.GREETING.value)

#: The begin and the end of a hold; a begin of None is that of the delivery.
Span = tuple[datetime | None, datetime]


def reopened_at() -> ColumnElement[datetime | None]:
    """Return the expression for when a person last reopened this delivery; null if nobody did."""
    return case((IS_OF_JOB, tables.delivery.c.since))


def oldest_free(transaction: Transaction, *where: ColumnElement[bool]) -> timedelta | None:
    """Return for how long the oldest delivery that people do not hold has waited; None if there
    is none."""
    c, now = tables.delivery.c, transaction.now
    last_end = select(func.max(_ended_at(now))).where(*_was_held(now, NOT_LATENESS))
    free = (
        select(
            func.coalesce(reopened_at(), c.created_at).label("begun"),
            last_end.correlate(tables.delivery).scalar_subquery().label("let_go"),
        )
        .where(
            c.state.in_(("open", "grouped")),
            c.kind.not_in(_NOT_MISSED),
            ~is_held(now, but_for=_COUNTS_AS_LATENESS),
            *where,
        )
        .subquery()
    )
    since = case((free.c.let_go > free.c.begun, free.c.let_go), else_=free.c.begun)
    oldest: datetime | None = transaction.connection.scalar(select(func.min(since)))
    return None if oldest is None else max(now - oldest, timedelta(0))


def spans_held(transaction: Transaction, ids: Collection[str]) -> Mapping[str, Sequence[Span]]:
    """Return, by delivery id, the spans in which people held these deliveries."""
    if not ids:
        return {}
    hold, delivery, now = tables.hold.c, tables.delivery.c, transaction.now
    # A hold that began before the delivery was created has no begin here (None): it also covers
    # the time since the change was seen. So does each digest.
    is_later = and_(hold.since > delivery.created_at, hold.reason != HoldReason.DIGEST.value)
    since = case((is_later, hold.since))
    query = (
        select(delivery.id, since.label("since"), _ended_at(now).label("ended"))
        .select_from(tables.delivery)
        .join(tables.hold, and_(*_was_held(now, NOT_LATENESS)))
        .where(delivery.id.in_(ids))
    )
    found: dict[str, list[Span]] = defaultdict(list)
    for row in transaction.connection.execute(query):
        found[row.id].append((row.since, row.ended))
    return found


def held_by(now: Moment) -> ColumnElement[str]:
    """Return the expression for the reason of the last hold that delayed the delivery; empty if
    none did."""
    hold = tables.hold.c
    # SQLite accepts no column of the outer query in ORDER BY, so this ignores `created_at`.
    ended = case((hold.reason == HoldReason.DIGEST.value, hold.since), else_=hold.until)
    reasons: Select[tuple[str]] = select(hold.reason).where(*_was_held(now, NAMED_IN_MESSAGES))
    last = reasons.correlate(tables.delivery).order_by(ended.desc(), hold.reason).limit(1)
    return func.coalesce(last.scalar_subquery(), "")


def _was_held(now: Moment, reasons: Collection[HoldReason]) -> list[ColumnElement[bool]]:
    """Match a hold for one of these reasons that delayed the delivery and has let it go."""
    hold, delivery = tables.hold.c, tables.delivery.c
    passes = and_(hold.reason == HoldReason.QUIET_BUT_FAILURES.value, is_urgent(tables.delivery))
    return [
        covers(tables.delivery),
        hold.reason.in_([reason.value for reason in reasons]),
        hold.until >= delivery.created_at,
        ~passes,
        _ended_at(now).is_not(None),
    ]


def _ended_at(now: Moment) -> ColumnElement[datetime | None]:
    """Return the expression for when the hold let the delivery go; null while it holds it."""
    hold, delivery = tables.hold.c, tables.delivery.c
    # At each moment the hold of a digest begins again, and lets the older deliveries go.
    moment = and_(hold.reason == HoldReason.DIGEST.value, hold.since > delivery.created_at)
    return case((moment, hold.since), (hold.until <= now, hold.until))
