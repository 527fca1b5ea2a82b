"""Record the progress of one delivery from its intent to its end; the epoch fences each write."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, select, update

from bot.core.care import GuardKind
from bot.core.delivery import (
    CardDelivery,
    ChangesDelivery,
    Delivery,
    GuardDelivery,
    MessageRef,
    Notice,
)
from bot.core.reasons import UNCONFIRMED
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.delivering import edits
from bot.store.delivering.enqueue import refresh_cards
from bot.store.delivering.guard_facts import about_guard
from bot.store.delivering.holding import count_as_waiting
from bot.store.delivering.lateness import held_by
from bot.store.delivering.requested_actions import edit_with_requester
from bot.store.delivering.rescans import FIRST_RESCAN
from bot.store.delivering.unconfirmed import mark_cards


def intend(transaction: Transaction, delivery: Delivery) -> bool:
    """Record that the message may be in Slack from now on, and in which thread; False if the lease
    was lost or has ended."""
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
    """End the lease of a delivery that was not sent, due again after `due_in`. If a post was begun,
    Slack refused it, so the place counts as waiting. False if the lease was lost."""
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
    """End the lease and keep the intent, so that the next claim searches for copies; False if the
    lease was lost."""
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
    """Make the delivery a dead letter, with the members of a group. If the delivery is unconfirmed,
    its job's card is redrawn to say so. False if the lease was lost."""
    values = {"state": "dead", "reason": reason, "finished_at": transaction.now}
    is_kept = _write(transaction, _fence(delivery), {**values, "lease_until": None})
    if is_kept and isinstance(delivery, ChangesDelivery):
        _write(transaction, tables.delivery.c.group_id == delivery.id, values)
    if is_kept and reason.startswith(UNCONFIRMED):
        mark_cards(transaction, delivery.project, delivery.place, delivery.id)
    return is_kept


def record_sent(transaction: Transaction, delivery: Delivery, message: MessageRef) -> bool:
    """Record the message of a sent delivery, also for the members of a group, or as the job's
    card. False if the lease was lost."""
    values = {
        "state": "sent",
        "ts": message.ts,
        "finished_at": transaction.now,
        "reason": held_by(transaction.now),
    }
    rescan_at = case(
        (tables.delivery.c.is_doubtful, literal(transaction.now + FIRST_RESCAN, UtcTime())),
        else_=None,
    )
    ended = {**values, "lease_until": None, "rescan_at": rescan_at, "rescans": 0}
    if isinstance(delivery, GuardDelivery) and _is_posted_now(delivery):
        # The message shows the hours as of now, so no reminder of a mark below them is needed.
        ended["about"] = about_guard(delivery.facts)
    if not _write(transaction, _fence(delivery), ended):
        return _keep_late(transaction, delivery, message)
    if isinstance(delivery, ChangesDelivery):
        # A member may have been unsure before it was grouped, so a copy of it may still appear.
        of_members = {**values, "rescan_at": rescan_at, "rescans": 0}
        _write(transaction, tables.delivery.c.group_id == delivery.id, of_members)
    elif isinstance(delivery, CardDelivery):
        edits.place_card(transaction, delivery, message)
    elif isinstance(delivery, GuardDelivery):
        # The notice says how long the job has run, so the card above it must not show less.
        refresh_cards(transaction, delivery.project, [delivery.job_id], place=delivery.place)
    edit_with_requester(transaction, delivery)
    return True


def _is_posted_now(delivery: GuardDelivery) -> bool:
    """Return whether the posted message shows the facts of this delivery. One found from an earlier
    attempt may show others. A span that we measure ourselves is stored as of the enqueuing."""
    is_counted = delivery.facts.kind is not GuardKind.STUCK and not delivery.facts.is_at_least
    return is_counted and delivery.intent_at is None


def _keep_late(transaction: Transaction, delivery: Delivery, message: MessageRef) -> bool:
    query = select(tables.delivery).where(tables.delivery.c.id == delivery.id).with_for_update()
    row = transaction.connection.execute(query).mappings().one_or_none()
    if row is not None and row["state"] == "sent" and row["ts"] == message.ts:
        # The answer to our own COMMIT was lost, or another worker found our message.
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
        # A delivery that was given back has no lease, so no worker may write it.
        tables.delivery.c.lease_until.is_not(None),
    )


def _write(transaction: Transaction, where: ColumnElement[bool], values: Row) -> bool:
    written = transaction.connection.execute(update(tables.delivery).where(where).values(**values))
    return written.rowcount > 0
