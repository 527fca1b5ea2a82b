"""Patterns that an earlier version stored with several stars in a row: `flowers**`."""

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from bot.core.subscription import PatternTarget, Subscription
from bot.store.database import tables
from bot.store.database.conditions import of_place, of_project
from bot.store.database.database import Transaction

# Each replacement halves the longest run of stars; a pattern has 64 characters at most.
_HALVINGS = 6


def in_one_spelling(target: ColumnElement[str]) -> ColumnElement[str]:
    """Return the SQL expression that does the same as `spelled_pattern`."""
    for _ in range(_HALVINGS):
        target = func.replace(target, "**", "*")
    return target


def respell(transaction: Transaction, subscription: Subscription, target: PatternTarget) -> None:
    """Merge the rows of a place whose patterns differ only in repeated stars: keep the row that is
    spelled like `target`, else the oldest, and store `target` in it."""
    c = tables.subscription.c
    of_pattern = and_(
        of_project(tables.subscription, subscription.project),
        of_place(tables.subscription, subscription.place),
        c.target_kind == "pattern",
        in_one_spelling(c.target) == target.text,
    )
    query = select(c.id, c.target).where(of_pattern).order_by(c.target != target.text, c.id)
    found = transaction.connection.execute(query).all()
    if not found or (len(found) == 1 and found[0].target == target.text):
        return
    others = [row.id for row in found[1:]]
    transaction.connection.execute(delete(tables.subscription).where(c.id.in_(others)))
    transaction.connection.execute(
        update(tables.subscription).where(c.id == found[0].id).values(target=target.text)
    )
