"""One claimed delivery from intent to its end; every write is fenced by the epoch."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, select, update

from bot.core.delivery import UNCONFIRMED, Delivery, DeliveryKind, MessageRef
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.database.tables import audit, delivery
from bot.store.delivering import edits
from bot.store.delivering.holding import due_at, hold
from bot.store.delivering.rescans import FIRST_RESCAN
from bot.store.delivering.unconfirmed import mark_cards


async def intend(transaction: Transaction, claimed: Delivery) -> bool:
    """Keep that it may be sent from now on, and to which thread."""
    return await _write(
        transaction,
        and_(_fence(claimed), delivery.c.lease_until > transaction.now),
        {
            "intent_at": transaction.now,
            "look_from": None,
            "thread_ts": claimed.card.ts if claimed.card else None,
            "attempts": delivery.c.attempts + 1,
        },
    )


async def give_back(
    transaction: Transaction, claimed: Delivery, due_in: timedelta, failures: int | None
) -> bool:
    """Free the row; if a post was begun, Slack refused it, and the place waits with it."""
    began = await transaction.connection.scalar(
        select(delivery.c.intent_at).where(_fence(claimed)).with_for_update()
    )
    if began is not None:
        await hold(transaction, claimed.place, until=transaction.now + due_in)
    next_at = await due_at(transaction, claimed.place, due_in)
    return await _write(
        transaction,
        _fence(claimed),
        {
            "intent_at": None,
            "look_from": None,
            "thread_ts": None,
            "lease_until": None,
            "next_at": next_at,
            "failures": claimed.failures if failures is None else failures,
        },
    )


async def record_unsure(
    transaction: Transaction, claimed: Delivery, due_in: timedelta, failures: int | None
) -> bool:
    """Keep the intent, and that copies are to be looked for."""
    next_at = await due_at(transaction, claimed.place, due_in)
    is_kept = await _write(
        transaction,
        _fence(claimed),
        {
            "intent_at": func.coalesce(delivery.c.intent_at, literal(transaction.now, UtcTime())),
            "lease_until": None,
            "next_at": next_at,
            "failures": claimed.failures if failures is None else failures,
            "is_doubtful": True,
        },
    )
    if is_kept:
        await hold(transaction, claimed.place, until=transaction.now + due_in)
    return is_kept


async def record_dead(transaction: Transaction, claimed: Delivery, reason: str) -> bool:
    """End it unsent, and with it the members of a group; a card says what nobody can confirm."""
    values = {"state": "dead", "reason": reason, "finished_at": transaction.now}
    is_kept = await _write(transaction, _fence(claimed), {**values, "lease_until": None})
    if is_kept and claimed.kind is DeliveryKind.CHANGES:
        await _write(transaction, delivery.c.group_id == claimed.id, values)
    if is_kept and reason.startswith(UNCONFIRMED):
        await mark_cards(transaction, claimed.place, claimed.project_id, claimed.id)
    return is_kept


async def record_sent(transaction: Transaction, claimed: Delivery, message: MessageRef) -> bool:
    """End it with its message, and with it the members of a group; a card is there from now on."""
    values = {"state": "sent", "ts": message.ts, "finished_at": transaction.now, "reason": ""}
    rescan_at = case(
        (delivery.c.is_doubtful, literal(transaction.now + FIRST_RESCAN, UtcTime())), else_=None
    )
    ended = {**values, "lease_until": None, "rescan_at": rescan_at, "rescans": 0}
    if not await _write(transaction, _fence(claimed), ended):
        return await _keep_late(transaction, claimed, message)
    if claimed.kind is DeliveryKind.CHANGES:
        await _write(transaction, delivery.c.group_id == claimed.id, values)
    elif claimed.kind is DeliveryKind.CARD:
        await edits.place_card(transaction, claimed, message)
    return True


async def _keep_late(transaction: Transaction, claimed: Delivery, message: MessageRef) -> bool:
    query = select(delivery).where(delivery.c.id == claimed.id).with_for_update()
    row = (await transaction.connection.execute(query)).mappings().one_or_none()
    if row is not None and row["state"] == "sent" and row["ts"] == message.ts:
        # The answer to our own COMMIT was lost, or somebody found our message.
        return bool(row["epoch"] == claimed.epoch)
    await transaction.connection.execute(
        insert(audit).values(
            team_id=claimed.place.team_id,
            at=transaction.now,
            what="sent by a lease that had ended",
            delivery_id=claimed.id,
            channel_id=message.channel_id,
            ts=message.ts,
        )
    )
    first = literal(transaction.now + FIRST_RESCAN, UtcTime())
    rescan_at = case((delivery.c.state == "sent", first), else_=None)
    await _write(
        transaction,
        delivery.c.id == claimed.id,
        {"is_doubtful": True, "rescan_at": rescan_at, "rescans": 0},
    )
    return False


def _fence(claimed: Delivery) -> ColumnElement[bool]:
    return and_(
        delivery.c.id == claimed.id,
        delivery.c.epoch == claimed.epoch,
        delivery.c.state == "open",
        # Given back, it belongs to nobody.
        delivery.c.lease_until.is_not(None),
    )


async def _write(transaction: Transaction, where: ColumnElement[bool], values: Row) -> bool:
    written = await transaction.connection.execute(update(delivery).where(where).values(**values))
    return written.rowcount > 0
