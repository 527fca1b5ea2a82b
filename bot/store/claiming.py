"""Lease deliveries that are due, in order; those that waited through an outage come grouped."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, exists, or_, select, update

from bot.store.database import Transaction
from bot.store.grouping import group_waiting
from bot.store.tables import delivery, gate

_UNFINISHED = ("open", "grouped")


async def claim_rows(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    *,
    limit: int,
    lease: timedelta,
    settle: timedelta,
) -> Sequence[RowMapping]:
    """Lease what is due and may be posted now, the longest waiting turn first.

    A row with an intent is left alone until what may have been sent can be found.
    """
    due = (
        select(delivery.c.id)
        .where(
            delivery.c.team_id == team_id,
            delivery.c.project_id == project_id,
            delivery.c.state == "open",
            delivery.c.next_at <= transaction.now,
            # What the card alone tells is told by the card's edit.
            or_(delivery.c.kind != "change", delivery.c.telling != "card"),
            _is_free(transaction, settle),
            _is_lowest(),
            ~_is_gated(transaction),
        )
        .order_by(delivery.c.turn_at, delivery.c.sequence, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
    )
    ids = (await transaction.connection.execute(due)).scalars().all()
    if not ids:
        return ()
    claimed = await transaction.connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(ids))
        .values(
            epoch=delivery.c.epoch + 1,
            lease_until=transaction.now + lease,
            # Somebody had it and did not say what became of it.
            is_doubtful=or_(
                delivery.c.is_doubtful,
                delivery.c.lease_until.is_not(None),
                delivery.c.intent_at.is_not(None),
            ),
        )
        .returning(*delivery.c)
    )
    rows = sorted(claimed.mappings(), key=lambda row: list(ids).index(row["id"]))
    return await group_waiting(transaction, rows, lease=lease)


def _is_free(transaction: Transaction, settle: timedelta) -> ColumnElement[bool]:
    lease_until = delivery.c.lease_until
    return or_(
        lease_until.is_(None),
        and_(delivery.c.intent_at.is_(None), lease_until <= transaction.now),
        lease_until <= transaction.now - settle,
    )


def _is_lowest() -> ColumnElement[bool]:
    earlier = delivery.alias("earlier")
    return ~exists().where(
        earlier.c.team_id == delivery.c.team_id,
        earlier.c.channel_id == delivery.c.channel_id,
        earlier.c.project_id == delivery.c.project_id,
        earlier.c.job_id == delivery.c.job_id,
        earlier.c.state.in_(_UNFINISHED),
        earlier.c.sequence < delivery.c.sequence,
    )


def _is_gated(transaction: Transaction) -> ColumnElement[bool]:
    return exists().where(
        gate.c.team_id == delivery.c.team_id,
        gate.c.channel_id.in_(("", delivery.c.channel_id)),
        gate.c.until > transaction.now,
    )
