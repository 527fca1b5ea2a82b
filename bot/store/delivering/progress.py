"""One delivery delivery from intent to its end; every write is fenced by the epoch."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, select, update

from bot.core.delivery import (
    CardDelivery,
    ChangesDelivery,
    Delivery,
    MessageRef,
    Notice,
)
from bot.core.reasons import UNCONFIRMED
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.delivering import edits
from bot.store.delivering.holding import count_as_waiting
from bot.store.delivering.rescans import FIRST_RESCAN
from bot.store.delivering.unconfirmed import mark_cards


def intend(transaction: Transaction, delivery: Delivery) -> bool:
    """Keep that it may be sent from now on, and to which thread."""
    card = delivery.card if isinstance(delivery, Notice) else None
    return _write(
        transaction,
        and_(_fence(delivery), tables.delivery.c.lease_until > transaction.now),
        {
            "intent_at": transaction.now,
            "look_from": None,
            "thread_ts": card.ts if card else None,
            "attempts": tables.delivery.c.attempts + 1,
        },
    )


def give_back(
    transaction: Transaction, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
) -> bool:
    """Free the row; if a post was begun, Slack refused it, and the place waits with it."""
    began = transaction.connection.scalar(
        select(tables.delivery.c.intent_at).where(_fence(delivery)).with_for_update()
    )
    if began is not None:
        count_as_waiting(transaction, delivery.place, until=transaction.now + due_in)
    return _write(
        transaction,
        _fence(delivery),
        {
            "intent_at": None,
            "look_from": None,
            "thread_ts": None,
            "lease_until": None,
            "next_at": transaction.now + due_in,
            "failures": delivery.failures if failures is None else failures,
        },
    )


def record_unsure(
    transaction: Transaction, delivery: Delivery, *, due_in: timedelta, failures: int | None = None
) -> bool:
    """Keep the intent, and that copies are to be looked for."""
    is_kept = _write(
        transaction,
        _fence(delivery),
        {
            "intent_at": func.coalesce(
                tables.delivery.c.intent_at, literal(transaction.now, UtcTime())
            ),
            "lease_until": None,
            "next_at": transaction.now + due_in,
            "failures": delivery.failures if failures is None else failures,
            "is_doubtful": True,
        },
    )
    if is_kept:
        count_as_waiting(transaction, delivery.place, until=transaction.now + due_in)
    return is_kept


def record_dead(transaction: Transaction, delivery: Delivery, *, reason: str) -> bool:
    """End it unsent, and with it the members of a group; a card says what nobody can confirm."""
    values = {"state": "dead", "reason": reason, "finished_at": transaction.now}
    is_kept = _write(transaction, _fence(delivery), {**values, "lease_until": None})
    if is_kept and isinstance(delivery, ChangesDelivery):
        _write(transaction, tables.delivery.c.group_id == delivery.id, values)
    if is_kept and reason.startswith(UNCONFIRMED):
        mark_cards(transaction, delivery.project, delivery.place, delivery.id)
    return is_kept


def record_sent(transaction: Transaction, delivery: Delivery, message: MessageRef) -> bool:
    """End it with its message, and with it the members of a group; a card is there from now on."""
    values = {"state": "sent", "ts": message.ts, "finished_at": transaction.now, "reason": ""}
    rescan_at = case(
        (tables.delivery.c.is_doubtful, literal(transaction.now + FIRST_RESCAN, UtcTime())),
        else_=None,
    )
    ended = {**values, "lease_until": None, "rescan_at": rescan_at, "rescans": 0}
    if not _write(transaction, _fence(delivery), ended):
        return _keep_late(transaction, delivery, message)
    if isinstance(delivery, ChangesDelivery):
        # A copy of a member that was once unsure may still appear.
        of_members = {**values, "rescan_at": rescan_at, "rescans": 0}
        _write(transaction, tables.delivery.c.group_id == delivery.id, of_members)
    elif isinstance(delivery, CardDelivery):
        edits.place_card(transaction, delivery, message)
    return True


def _keep_late(transaction: Transaction, delivery: Delivery, message: MessageRef) -> bool:
    query = select(tables.delivery).where(tables.delivery.c.id == delivery.id).with_for_update()
    row = transaction.connection.execute(query).mappings().one_or_none()
    if row is not None and row["state"] == "sent" and row["ts"] == message.ts:
        # The answer to our own COMMIT was lost, or somebody found our message.
        return bool(row["epoch"] == delivery.epoch)
    transaction.connection.execute(
        insert(tables.late_records).values(
            team_id=delivery.place.team_id,
            at=transaction.now,
            what="sent by a lease that had ended",
            delivery_id=delivery.id,
            channel_id=message.channel_id,
            ts=message.ts,
        )
    )
    first = literal(transaction.now + FIRST_RESCAN, UtcTime())
    rescan_at = case((tables.delivery.c.state == "sent", first), else_=None)
    _write(
        transaction,
        tables.delivery.c.id == delivery.id,
        {"is_doubtful": True, "rescan_at": rescan_at, "rescans": 0},
    )
    return False


def _fence(delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        tables.delivery.c.id == delivery.id,
        tables.delivery.c.epoch == delivery.epoch,
        tables.delivery.c.state == "open",
        # Given back, it belongs to nobody.
        tables.delivery.c.lease_until.is_not(None),
    )


def _write(transaction: Transaction, where: ColumnElement[bool], values: Row) -> bool:
    written = transaction.connection.execute(update(tables.delivery).where(where).values(**values))
    return written.rowcount > 0
