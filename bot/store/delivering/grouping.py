"""Group the many changes that waited through an outage, so that one message reports them."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, insert, select, update

from bot.core.audience import grouped_with, most_visible, split
from bot.core.delivery import DeliveryKind
from bot.core.delivery_ids import group_id
from bot.core.subscription import DeliveryMode
from bot.store.database import tables
from bot.store.database.conditions import NOW
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.delivering.holding import has_waited, is_of_digest
from bot.store.delivering.readiness import is_free, is_lowest
from bot.store.delivering.waiting import Waiting, find_waiting, postpone, wide_subscriptions


def group_waiting(transaction: Transaction, claimed: Sequence[RowMapping]) -> Sequence[RowMapping]:
    """Replace claimed rows by groups, where too many changes wait for a place to post each alone.

    The changes of another job join only together with the job's first waiting row, which this
    transaction locks: nobody else can claim a later row of that job, so the order is kept.
    """
    waited = _waited(transaction, claimed)
    rows = []
    for row in claimed:
        if row["id"] in waited:
            waiting = find_waiting(transaction, row)
            rows += _grouped(transaction, row, waiting, is_digest=waited[row["id"]])
        else:
            rows.append(row)
    return rows


def _grouped(
    transaction: Transaction, head: RowMapping, waiting: Waiting, *, is_digest: bool
) -> list[RowMapping]:
    """Return the group of a claimed row; the row itself if it is posted alone; nothing while
    unconfirmed deliveries of the place are awaited. A digest groups everything that waits."""
    job_ids = (
        frozenset(waiting.changes)
        if is_digest
        else grouped_with(
            head["job_id"], waiting.changes, wide_subscriptions(transaction, head, waiting)
        )
    )
    if not job_ids:
        return [head]
    if waiting.awaited_until is not None:
        postpone(transaction, waiting.ready_of(job_ids), waiting.awaited_until)
        return []
    own = waiting.ready.get(head["job_id"], [])
    others = [waiting.ready[job_id] for job_id in sorted(job_ids) if job_id in waiting.ready]
    firsts = _lock_first(transaction, [rows[0]["id"] for rows in others])
    members = [row for rows in others if rows[0]["id"] in firsts for row in rows]
    groups = split([*own, *(row for row in members if row["job_id"] != head["job_id"])])
    return [_group_all(transaction, groups) if groups else head]


def _waited(transaction: Transaction, claimed: Sequence[RowMapping]) -> dict[str, bool]:
    """Return the claimed changes that have waited and may be grouped, each with whether it waited
    for a digest."""
    values = {"now": transaction.now, "ids": [row["id"] for row in claimed]}
    return {
        id: is_digest for id, is_digest in transaction.connection.execute(_having_waited(), values)
    }


@cache
def _having_waited() -> Select[Any]:
    c = tables.delivery.c
    return select(c.id, is_of_digest(NOW)).where(
        c.id.in_(bindparam("ids", expanding=True)),
        c.kind == DeliveryKind.CHANGE.value,
        c.intent_at.is_(None),
        has_waited(NOW),
    )


def _lock_first(transaction: Transaction, ids: Sequence[str]) -> set[str]:
    query = (
        select(tables.delivery.c.id)
        .where(
            tables.delivery.c.id.in_(ids),
            tables.delivery.c.state == "open",
            # These rows have no intent, so no post of them can be on its way to Slack.
            is_free(transaction.now, transaction.now),
            # A group of several jobs is not in the thread of a card, so it waits for no card.
            is_lowest(of=(DeliveryKind.CHANGE, DeliveryKind.CHANGES)),
        )
        .with_for_update(skip_locked=True, of=tables.delivery)
    )
    return set(transaction.connection.execute(query).scalars())


def _group_all(transaction: Transaction, groups: Sequence[Sequence[RowMapping]]) -> RowMapping:
    """Insert all groups, and lease the first. A job in two groups keeps its order, because no
    delivery of a job is claimed while an earlier one is open or grouped."""
    first = _group(transaction, groups[0], transaction.timing.lease)
    for rest in groups[1:]:
        _group(transaction, rest, None)
    return first


def _group(
    transaction: Transaction, members: Sequence[RowMapping], lease: timedelta | None
) -> RowMapping:
    connection = transaction.connection
    added = connection.execute(
        insert(tables.delivery)
        .values(**_group_row(transaction, members, lease))
        .returning(*tables.delivery.c)
    )
    group = added.mappings().one()
    connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id.in_([row["id"] for row in members]))
        .values(
            state="grouped",
            group_id=group["id"],
            epoch=tables.delivery.c.epoch + 1,
            lease_until=None,
        )
    )
    return group


def _group_row(
    transaction: Transaction, members: Sequence[RowMapping], lease: timedelta | None
) -> Row:
    first = members[0]
    return {
        "id": group_id(tuple(row["id"] for row in members)),
        "team_id": first["team_id"],
        "project_id": first["project_id"],
        "channel_id": first["channel_id"],
        "job_id": first["job_id"],
        "sequence": first["sequence"],
        "kind": DeliveryKind.CHANGES.value,
        "telling": most_visible(DeliveryMode(row["telling"]) for row in members).value,
        "state": "open",
        "created_at": transaction.now,
        "turn_at": min(row["turn_at"] for row in members),
        "next_at": transaction.now,
        "attempts": 0,
        "is_doubtful": False,
        "epoch": 1,
        "lease_until": None if lease is None else transaction.now + lease,
        "reason": "",
        "rescans": 0,
        "is_urgent": any(row["is_urgent"] for row in members),
    }
