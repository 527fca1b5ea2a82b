"""Messages that were posted, found again by where they stand."""

from sqlalchemy import and_, select

from bot.core.delivery import Delivery, DeliveryKind, MessageRef
from bot.core.project import Project
from bot.core.subscription import DeliveryMode
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.delivering.loading import load_deliveries

_NOTICES = (DeliveryKind.GUARD.value, DeliveryKind.CHANGE.value, DeliveryKind.CHANGES.value)


def find_posted(transaction: Transaction, project: Project, message: MessageRef) -> Delivery | None:
    """The notice that a message is; None for a card, and for what is not recorded as sent."""
    c = tables.delivery.c
    query = select(tables.delivery).where(
        of_project(tables.delivery, project),
        c.channel_id == message.channel_id,
        c.ts == message.ts,
        c.state == "sent",
        c.kind.in_(_NOTICES),
        c.group_id.is_(None),
        # Changes that the card alone tells have its ts.
        ~and_(
            c.kind == DeliveryKind.CHANGE.value,
            c.telling == DeliveryMode.CARD.value,
        ),
    )
    rows = transaction.connection.execute(query.limit(1)).mappings().all()
    return next(iter(load_deliveries(transaction, rows)), None)
