"""List the subscriptions of a place, of a person, or of a project."""

from sqlalchemy import select

from bot.core.audience import may_hear
from bot.core.project import Project
from bot.core.subscription import Place, Subscription
from bot.store.database import tables
from bot.store.database.conditions import of_place, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import subscription_of


def list_subscriptions(
    transaction: Transaction,
    project: Project,
    *,
    place: Place | None = None,
    created_by: str | None = None,
) -> tuple[Subscription, ...]:
    """Return the subscriptions that may still get a delivery, oldest first."""
    query = (
        select(tables.subscription)
        .where(of_project(tables.subscription, project))
        .order_by(tables.subscription.c.id)
    )
    if place is not None:
        query = query.where(of_place(tables.subscription, place))
    if created_by is not None:
        query = query.where(tables.subscription.c.created_by == created_by)
    rows = transaction.connection.execute(query).mappings().all()
    return tuple(one for one in map(subscription_of, rows) if may_hear(one, transaction.now))
