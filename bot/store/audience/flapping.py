"""A job that changes all the time: its places are asked once whether they want it quieter."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update

from bot.core.change import StatusChange
from bot.core.delivery import delivery_id
from bot.core.subscription import DeliveryMode
from bot.store.database.database import Transaction
from bot.store.database.tables import card, delivery
from bot.store.database.tables import change as changes_table
from bot.store.delivering.ordering import Told

#: More changes than this of one job within the span, and its place is asked.
_MANY = 6
_WITHIN = timedelta(minutes=10)


async def offer_quiet(transaction: Transaction, change: StatusChange, told: Sequence[Told]) -> None:
    """Let the message of this change carry the offer, in each place where it is due and new."""
    by_channel = {
        order.place.channel_id: order.place
        for order in told
        if order.delivery_mode is not DeliveryMode.CARD
    }
    if not by_channel or not await _is_restless(transaction, change):
        return
    since = transaction.now - _WITHIN
    lately = (
        select(func.count())
        .select_from(delivery)
        .where(
            *(delivery.c[name] == card.c[name] for name in _CARD_KEY),
            delivery.c.kind == "change",
            delivery.c.telling != DeliveryMode.CARD.value,
            delivery.c.created_at > since,
        )
        .scalar_subquery()
    )
    asked = await transaction.connection.execute(
        update(card)
        .where(
            card.c.team_id == change.team_id,
            card.c.project_id == change.project_id,
            card.c.job_id == change.job.id,
            card.c.channel_id.in_(by_channel),
            card.c.offered_at.is_(None),
            lately > _MANY,
        )
        .values(offered_at=transaction.now)
        .returning(card.c.channel_id)
    )
    ids = [delivery_id(by_channel[channel_id], change) for channel_id in asked.scalars()]
    if ids:
        await transaction.connection.execute(
            update(delivery).where(delivery.c.id.in_(ids)).values(offers_quiet=True)
        )


_CARD_KEY = ("team_id", "project_id", "job_id", "channel_id")


async def _is_restless(transaction: Transaction, change: StatusChange) -> bool:
    """True if the job itself changed often; asked first, as one look at the key says no."""
    c = changes_table.c
    before = await transaction.connection.scalar(
        select(c.seen_at).where(
            c.team_id == change.team_id,
            c.project_id == change.project_id,
            c.job_id == change.job.id,
            c.sequence == change.sequence - _MANY,
        )
    )
    return before is not None and change.seen_at - before < _WITHIN
