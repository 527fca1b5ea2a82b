"""A place under another id."""

from sqlalchemy import and_, exists, update

from bot.core.subscription import Place
from bot.store.database.database import Transaction
from bot.store.database.tables import card, delivery, place, subscription

# What names a row within its place; where the new place has one already, that one stays.
_KEYS = {
    subscription: ("project_id", "target_kind", "target"),
    card: ("project_id", "job_id"),
    place: (),
}


async def move(transaction: Transaction, old: Place, to_channel_id: str) -> None:
    """Take everything of a place to its new id, but not the ids computed from the old one."""
    for table, names in _KEYS.items():
        other = table.alias()
        is_there = exists().where(
            other.c.team_id == old.team_id,
            other.c.channel_id == to_channel_id,
            and_(True, *(other.c[name] == table.c[name] for name in names)),
        )
        await transaction.connection.execute(
            update(table)
            .where(table.c.team_id == old.team_id, table.c.channel_id == old.channel_id, ~is_there)
            .values(channel_id=to_channel_id)
        )
    await transaction.connection.execute(
        update(delivery)
        .where(delivery.c.team_id == old.team_id, delivery.c.channel_id == old.channel_id)
        .values(channel_id=to_channel_id)
    )
