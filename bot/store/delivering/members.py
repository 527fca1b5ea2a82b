"""The changes that deliveries report, alone or in a group, and what their messages offer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, or_, select

from bot.core.delivery import GroupMember
from bot.core.hold import postponed
from bot.store.database import tables
from bot.store.database.conditions import CHANGE_KEY, columns_equal
from bot.store.database.database import Transaction
from bot.store.database.rows import change_of
from bot.store.delivering.digest_offers import OFFERS_DIGEST
from bot.store.delivering.lateness import Span, reopened_at, spans_held


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The changes and the offers of deliveries, by the id of the delivery or of the group."""

    of: Mapping[str, tuple[GroupMember, ...]]
    #: By delivery id, the job for which the message offers the delivery mode `card`; and the ids
    #: of the deliveries whose messages offer a digest.
    offering_card: Mapping[str, int]
    offering_digest: Collection[str]


def members_of(transaction: Transaction, ids: Sequence[str]) -> Members:
    """Return the changes and the offers of these deliveries."""
    # A change belongs to its own delivery, and to the group that the delivery is in.
    c, owner = tables.delivery.c, tables.delivery.c.group_id
    again = reopened_at().label("again_at")
    query = (
        select(c.id.label("delivery_id"), owner, c.offers_quiet, c.about, again, tables.change)
        .join(tables.change, columns_equal(tables.delivery, tables.change, CHANGE_KEY))
        .where(c.kind == "change", or_(c.id.in_(ids), owner.in_(ids)))
        .order_by(c.job_id, c.sequence)
    )
    found: dict[str, tuple[GroupMember, ...]] = {}
    cards: dict[str, int] = {}
    digests: set[str] = set()
    rows = transaction.connection.execute(query).mappings().all()
    held = spans_held(transaction, [row["delivery_id"] for row in rows])
    for row in rows:
        member = _member(row, held.get(row["delivery_id"], ()))
        keys = {row["delivery_id"], row["group_id"]}.intersection(ids)
        for key in keys:
            found[key] = (*found.get(key, ()), member)
        if row["offers_quiet"]:
            cards |= dict.fromkeys(keys, row["job_id"])
        if row["about"] == OFFERS_DIGEST:
            digests |= keys
    return Members(of=found, offering_card=cards, offering_digest=digests)


def _member(row: RowMapping, held: Sequence[Span]) -> GroupMember:
    change = change_of(row)
    begin = max(change.seen_at, row["again_at"] or change.seen_at)
    spans = [(since or begin, until) for since, until in held]
    return GroupMember(
        delivery_id=row["delivery_id"],
        change=change,
        offers_quiet=bool(row["offers_quiet"]),
        due_at=postponed(begin, spans),
    )
