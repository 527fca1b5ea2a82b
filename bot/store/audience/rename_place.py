"""Move everything of a place to a new channel id."""

from dataclasses import replace

from sqlalchemy import exists, or_, update

from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction

# The columns that identify a row within its place. A row that the new place has already stays, and
# the old place's row is not moved.
_KEYS = {
    tables.subscription: ("project_id", "target_kind", "target"),
    tables.card: ("project_id", "job_id"),
    tables.hold: ("project_id", "job_id", "reason"),
    tables.place_rules: (),
}


def move_place(transaction: Transaction, place: Place, *, to_channel_id: str) -> None:
    """Move the rows of a place to its new id; the ids of its deliveries do not change."""
    new = replace(place, channel_id=to_channel_id)
    for table, names in _KEYS.items():
        other = table.alias()
        is_there = exists().where(of_place(other, new), *(other.c[n] == table.c[n] for n in names))
        transaction.connection.execute(
            update(table).where(of_place(table, place), ~is_there).values(channel_id=to_channel_id)
        )
    # The next claim computes which hold of the rules comes next.
    rules = tables.place_rules.c
    transaction.connection.execute(
        update(tables.place_rules)
        .where(
            of_place(tables.place_rules, new),
            or_(rules.holds_at.is_(None), rules.holds_at > transaction.now),
        )
        .values(holds_at=transaction.now)
    )
    transaction.connection.execute(
        update(tables.delivery)
        .where(of_place(tables.delivery, place))
        .values(channel_id=to_channel_id)
    )
