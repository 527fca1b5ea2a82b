"""The changes that deliveries tell, singly or in a group, and what their messages offer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from bot.core.delivery import GroupMember
from bot.store.database import tables
from bot.store.database.conditions import CHANGE_KEY, same
from bot.store.database.database import Transaction
from bot.store.database.rows import change_of
from bot.store.delivering.digest_offers import OFFERS_DIGEST
from bot.store.delivering.lateness import held_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """By the id of the delivery, or of the group."""

    of: Mapping[str, tuple[GroupMember, ...]]
    #: Those that offer the card alone, and those that offer a digest.
    offering_card: Collection[str]
    offering_digest: Collection[str]


def members_of(transaction: Transaction, ids: Sequence[str]) -> Members:
    """What these deliveries tell."""
    # By a delivery itself, or by the group that it is in.
    c, owner = tables.delivery.c, tables.delivery.c.group_id
    held = held_until(transaction.now).label("held_until")
    query = (
        select(c.id.label("delivery_id"), owner, c.offers_quiet, c.about, held, tables.change)
        .join(tables.change, same(tables.delivery, tables.change, CHANGE_KEY))
        .where(c.kind == "change", or_(c.id.in_(ids), owner.in_(ids)))
        .order_by(c.job_id, c.sequence)
    )
    found: dict[str, tuple[GroupMember, ...]] = {}
    cards: set[str] = set()
    digests: set[str] = set()
    for row in transaction.connection.execute(query).mappings():
        member = GroupMember(
            delivery_id=row["delivery_id"], change=change_of(row), held_until=row["held_until"]
        )
        keys = {row["delivery_id"], row["group_id"]}.intersection(ids)
        for key in keys:
            found[key] = (*found.get(key, ()), member)
        if row["offers_quiet"]:
            cards |= keys
        if row["about"] == OFFERS_DIGEST:
            digests |= keys
    return Members(of=found, offering_card=cards, offering_digest=digests)
