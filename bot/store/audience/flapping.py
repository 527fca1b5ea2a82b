"""Offer the places of a job that keeps changing a quieter delivery mode, once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from bot.core.audience import (
    FLAPPING_CHANGES,
    FLAPPING_SPAN,
    Recipient,
    is_flapping,
    is_offered_less,
)
from bot.core.change import StatusChange
from bot.core.delivery_ids import delivery_id
from bot.core.subscription import DeliveryMode, Place
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, columns_equal, of_project
from bot.store.database.database import Transaction


def offer_less(
    transaction: Transaction, change: StatusChange, recipients: Sequence[Recipient]
) -> None:
    """Mark the message of this change to carry the offer, in each place where it is due and new."""
    places = {
        one.place.channel_id: one.place
        for one in recipients
        if one.delivery_mode is not DeliveryMode.CARD
    }
    # Check this first: one read by primary key mostly shows that the job does not flap.
    if places and is_flapping(change, earlier_at=_earlier_at(transaction, change)):
        offered = _offered(transaction, change, places)
        if offered:
            _mark(transaction, change, [places[channel_id] for channel_id in offered])


def _earlier_at(transaction: Transaction, change: StatusChange) -> datetime | None:
    c = tables.change.c
    earlier_at: datetime | None = transaction.connection.scalar(
        select(c.seen_at).where(
            of_project(tables.change, change.project),
            c.job_id == change.job.id,
            c.sequence == change.sequence - FLAPPING_CHANGES,
        )
    )
    return earlier_at


def _offered(
    transaction: Transaction, change: StatusChange, places: Mapping[str, Place]
) -> Sequence[str]:
    notices = (
        select(func.count())
        .select_from(tables.delivery)
        .where(
            columns_equal(tables.delivery, tables.card, CARD_KEY),
            tables.delivery.c.kind == "change",
            tables.delivery.c.telling != DeliveryMode.CARD.value,
            tables.delivery.c.created_at > transaction.now - FLAPPING_SPAN,
        )
        .scalar_subquery()
    )
    query = select(
        tables.card.c.channel_id, tables.card.c.offered_at, notices.label("notices")
    ).where(*_of(change), tables.card.c.channel_id.in_(places))
    return [
        row.channel_id
        for row in transaction.connection.execute(query)
        if is_offered_less(notices=row.notices, was_offered=row.offered_at is not None)
    ]


def _mark(transaction: Transaction, change: StatusChange, places: Collection[Place]) -> None:
    channel_ids = [one.channel_id for one in places]
    transaction.connection.execute(
        update(tables.card)
        .where(*_of(change), tables.card.c.channel_id.in_(channel_ids))
        .values(offered_at=transaction.now)
    )
    ids = [delivery_id(one, change) for one in places]
    transaction.connection.execute(
        update(tables.delivery).where(tables.delivery.c.id.in_(ids)).values(offers_quiet=True)
    )


def _of(change: StatusChange) -> tuple[ColumnElement[bool], ...]:
    return (
        of_project(tables.card, change.project),
        tables.card.c.job_id == change.job.id,
    )
