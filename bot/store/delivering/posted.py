"""Find posted messages by their place in Slack or by their subject."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, and_, select

from bot.core.delivery import (
    ChangeDelivery,
    Delivery,
    DeliveryKind,
    GuardDelivery,
    MessageRef,
    Posted,
)
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Place
from bot.store.database import tables
from bot.store.database.conditions import of_place, of_project
from bot.store.database.database import Transaction
from bot.store.delivering.loading import load_deliveries

_NOTICES = (DeliveryKind.GUARD, DeliveryKind.CHANGE, DeliveryKind.CHANGES)
# Nobody sees older reminders any more, so they are not edited.
_STANDS_FOR = timedelta(days=30)
_AT_MOST = 50


def find_posted(transaction: Transaction, project: Project, message: MessageRef) -> Delivery | None:
    """Return the notice that was posted as this message; None for a card, and for a message that
    is not recorded as sent."""
    c = tables.delivery.c
    query = messages(project, _NOTICES).where(
        c.channel_id == message.channel_id, c.ts == message.ts
    )
    return next((delivery for delivery, _ in load_posted(transaction, query.limit(1))), None)


def find_reminders(transaction: Transaction, project: Project, job_id: JobId) -> tuple[Posted, ...]:
    """Return the last guard notice of a job in each place, if its run or wait goes on."""
    c = tables.delivery.c
    query = (
        messages(project, (DeliveryKind.GUARD,))
        .where(c.job_id == job_id, c.finished_at > transaction.now - _STANDS_FOR)
        .order_by(c.finished_at.desc())
        .limit(_AT_MOST)
    )
    last: dict[str, Posted] = {}
    for delivery, message in load_posted(transaction, query):
        last.setdefault(message.channel_id, (delivery, message))
    return tuple(one for one in last.values() if _stands(one[0]))


def _stands(delivery: Delivery) -> bool:
    is_over = not isinstance(delivery, GuardDelivery) or delivery.over_at is not None
    return not is_over


def find_end(
    transaction: Transaction, project: Project, place: Place, job_id: JobId
) -> tuple[Posted, ...]:
    """Return the last message in a place about a change of a job, if that change ended the job; no
    message otherwise."""
    c = tables.delivery.c
    query = (
        messages(project, (DeliveryKind.CHANGE, DeliveryKind.CHANGES))
        .where(of_place(tables.delivery, place), c.job_id == job_id)
        .order_by(c.sequence.desc())
        .limit(1)
    )
    return tuple(one for one in load_posted(transaction, query) if _is_end(one[0]))


def _is_end(delivery: Delivery) -> bool:
    return isinstance(delivery, ChangeDelivery) and delivery.change.step.ends


def messages(project: Project, kinds: Sequence[DeliveryKind]) -> Select[tuple[object, ...]]:
    """Select the sent deliveries of these kinds that have a message of their own."""
    c = tables.delivery.c
    return select(tables.delivery).where(
        of_project(tables.delivery, project),
        c.kind.in_([kind.value for kind in kinds]),
        c.state == "sent",
        c.ts.is_not(None),
        c.group_id.is_(None),
        ~_is_told_by_card(),
    )


def _is_told_by_card() -> ColumnElement[bool]:
    # The ts of such a change is that of the card.
    c = tables.delivery.c
    is_change = c.kind == DeliveryKind.CHANGE.value
    return and_(is_change, c.telling == DeliveryMode.CARD.value)


def load_posted(transaction: Transaction, query: Select[tuple[object, ...]]) -> tuple[Posted, ...]:
    """Return the deliveries that a query finds, each with its message, in the query's order."""
    rows = transaction.connection.execute(query).mappings().all()
    loaded = load_deliveries(transaction, rows)
    return tuple((one, _message(row)) for row, one in zip(rows, loaded, strict=True))


def _message(row: RowMapping | Mapping[str, str]) -> MessageRef:
    return MessageRef(channel_id=row["channel_id"], ts=row["ts"])
