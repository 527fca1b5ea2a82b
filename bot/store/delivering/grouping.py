"""Many changes that waited through an outage become one message, its members frozen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, insert, select, update

from bot.core.delivery import (
    MOST_GROUPED,
    MOST_SINGLE_PER_JOB,
    MOST_SINGLE_PER_PLACE,
    DeliveryKind,
    group_id,
)
from bot.core.subscription import DeliveryMode
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.database.tables import delivery, place
from bot.store.delivering.readiness import is_free, is_lowest

# These have no intent, so nothing of them can still be on its way.
_NO_SETTLE = timedelta(0)

_LOUDEST_LAST = tuple(
    telling.value for telling in (DeliveryMode.CARD, DeliveryMode.THREAD, DeliveryMode.CHANNEL)
)


async def group_waiting(
    transaction: Transaction, claimed: Sequence[RowMapping], *, lease: timedelta
) -> Sequence[RowMapping]:
    """Put what waits in the place of a claimed row with it where that is too much to tell singly.

    Of another job too only what follows its first row joins, and that row is locked by us:
    behind it nobody else can claim, so the order holds.
    """
    held_until = await _held_until(transaction, claimed)
    rows = []
    for row in claimed:
        is_single = row["kind"] == DeliveryKind.CHANGE.value and row["intent_at"] is None
        until = held_until.get(row["channel_id"])
        if is_single and until is not None and row["created_at"] <= until:
            members = await _members(transaction, row, until)
            rows.append(await _group_all(transaction, members, lease) if members else row)
        else:
            rows.append(row)
    return rows


async def _held_until(
    transaction: Transaction, claimed: Sequence[RowMapping]
) -> dict[str, datetime]:
    channel_ids = {row["channel_id"] for row in claimed}
    query = select(place.c.channel_id, place.c.held_until).where(
        place.c.team_id == claimed[0]["team_id"],
        place.c.channel_id.in_({"", *channel_ids}),
        place.c.held_until.is_not(None),
    )
    until = {row.channel_id: row.held_until for row in await transaction.connection.execute(query)}
    everywhere = until.pop("", None)
    if everywhere is None:
        return until
    return {one: max(until.get(one, everywhere), everywhere) for one in channel_ids}


async def _members(
    transaction: Transaction, head: RowMapping, until: datetime
) -> Sequence[RowMapping]:
    waiting = await _waiting(transaction, head, until)
    own = waiting.pop(head["job_id"], [])
    if len(own) + sum(map(len, waiting.values())) > MOST_SINGLE_PER_PLACE:
        firsts = await _lock_first(transaction, [rows[0]["id"] for rows in waiting.values()])
        others = [row for rows in waiting.values() if rows[0]["id"] in firsts for row in rows]
        return [*own, *others]
    return own if len(own) > MOST_SINGLE_PER_JOB else []


async def _waiting(
    transaction: Transaction, head: RowMapping, until: datetime
) -> dict[int, list[RowMapping]]:
    query = (
        select(delivery)
        .where(
            delivery.c.team_id == head["team_id"],
            delivery.c.channel_id == head["channel_id"],
            delivery.c.project_id == head["project_id"],
            delivery.c.state == "open",
            delivery.c.kind == DeliveryKind.CHANGE.value,
            delivery.c.telling != DeliveryMode.CARD.value,
            delivery.c.intent_at.is_(None),
            delivery.c.created_at <= until,
        )
        .order_by(delivery.c.job_id, delivery.c.sequence)
    )
    waiting: dict[int, list[RowMapping]] = {}
    for row in (await transaction.connection.execute(query)).mappings():
        waiting.setdefault(row["job_id"], []).append(row)
    return waiting


async def _lock_first(transaction: Transaction, ids: Sequence[str]) -> set[str]:
    query = (
        select(delivery.c.id)
        .where(
            delivery.c.id.in_(ids),
            delivery.c.state == "open",
            is_free(transaction, _NO_SETTLE),
            is_lowest(),
        )
        .with_for_update(skip_locked=True, of=delivery)
    )
    return set((await transaction.connection.execute(query)).scalars())


async def _group_all(
    transaction: Transaction, members: Sequence[RowMapping], lease: timedelta
) -> RowMapping:
    """As many groups as are needed, the first one leased. A job at the end of one and the
    beginning of the next keeps its order: behind what is grouped nothing of it is claimed."""
    first = await _group(transaction, members[:MOST_GROUPED], lease)
    for start in range(MOST_GROUPED, len(members), MOST_GROUPED):
        rest = members[start : start + MOST_GROUPED]
        if len(rest) > 1:
            await _group(transaction, rest, None)
    return first


async def _group(
    transaction: Transaction, members: Sequence[RowMapping], lease: timedelta | None
) -> RowMapping:
    connection = transaction.connection
    added = await connection.execute(
        insert(delivery).values(**_group_row(transaction, members, lease)).returning(*delivery.c)
    )
    group = added.mappings().one()
    await connection.execute(
        update(delivery)
        .where(delivery.c.id.in_([row["id"] for row in members]))
        .values(state="grouped", group_id=group["id"], epoch=delivery.c.epoch + 1, lease_until=None)
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
        "telling": max((row["telling"] for row in members), key=_LOUDEST_LAST.index),
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
    }
