"""Many changes that waited through an outage become one message, its members frozen."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, insert, select, update

from bot.core.outbox import (
    MOST_GROUPED,
    MOST_SINGLE_PER_JOB,
    MOST_SINGLE_PER_PLACE,
    DeliveryKind,
    group_id,
)
from bot.core.watch import Telling
from bot.store.database import Transaction
from bot.store.rows import Row
from bot.store.tables import delivery, place

_LOUDEST_LAST = tuple(telling.value for telling in (Telling.CARD, Telling.THREAD, Telling.CHANNEL))


async def group_waiting(
    transaction: Transaction, claimed: Sequence[RowMapping], *, lease: timedelta
) -> Sequence[RowMapping]:
    """Put what waits behind the claimed rows with them where that is too much to tell singly.

    Only what follows a claimed row joins: behind it nobody else can claim, so the order holds.
    """
    heads: dict[str, list[RowMapping]] = {}
    for row in claimed:
        if row["kind"] == DeliveryKind.CHANGE.value and row["intent_at"] is None:
            heads.setdefault(row["channel_id"], []).append(row)
    if not heads:
        return claimed
    rows = list(claimed)
    for channel_id in await _held(transaction, claimed[0]["team_id"], heads):
        waiting = await _waiting(transaction, heads[channel_id])
        for members in _groups(heads[channel_id], waiting):
            rows = await _replace(transaction, rows, members, lease)
    return rows


async def _held(
    transaction: Transaction, team_id: str, heads: dict[str, list[RowMapping]]
) -> list[str]:
    query = select(place.c.channel_id, place.c.held_until).where(
        place.c.team_id == team_id,
        place.c.channel_id.in_(["", *heads]),
        place.c.held_until.is_not(None),
    )
    until = {row.channel_id: row.held_until for row in await transaction.connection.execute(query)}
    everywhere = until.pop("", None)
    return [
        channel_id
        for channel_id, rows in heads.items()
        if any(
            row["created_at"] <= held
            for row in rows
            for held in (until.get(channel_id), everywhere)
            if held is not None
        )
    ]


async def _waiting(
    transaction: Transaction, heads: Sequence[RowMapping]
) -> dict[int, list[RowMapping]]:
    first = heads[0]
    held_until = (
        select(place.c.held_until)
        .where(
            place.c.team_id == first["team_id"],
            place.c.channel_id.in_(("", first["channel_id"])),
            place.c.held_until.is_not(None),
        )
        .order_by(place.c.held_until.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(delivery)
        .where(
            delivery.c.team_id == first["team_id"],
            delivery.c.channel_id == first["channel_id"],
            delivery.c.project_id == first["project_id"],
            delivery.c.state == "open",
            delivery.c.kind == "change",
            delivery.c.telling != "card",
            delivery.c.intent_at.is_(None),
            delivery.c.created_at <= held_until,
        )
        .order_by(delivery.c.job_id, delivery.c.sequence)
    )
    waiting: dict[int, list[RowMapping]] = {}
    for row in (await transaction.connection.execute(query)).mappings():
        waiting.setdefault(row["job_id"], []).append(row)
    return waiting


def _groups(
    heads: Sequence[RowMapping], waiting: dict[int, list[RowMapping]]
) -> list[list[RowMapping]]:
    ours = [waiting[row["job_id"]] for row in heads if row["job_id"] in waiting]
    if sum(map(len, waiting.values())) > MOST_SINGLE_PER_PLACE:
        # One message at a time: what does not fit waits for the next claim.
        return [[row for rows in ours for row in rows]]
    return [rows for rows in ours if len(rows) > MOST_SINGLE_PER_JOB]


async def _replace(
    transaction: Transaction,
    rows: list[RowMapping],
    candidates: Sequence[RowMapping],
    lease: timedelta,
) -> list[RowMapping]:
    members, rest = candidates[:MOST_GROUPED], candidates[MOST_GROUPED:]
    group = _group_row(transaction, members, lease)
    connection = transaction.connection
    added = await connection.execute(insert(delivery).values(**group).returning(*delivery.c))
    parent = added.mappings().one()
    await connection.execute(
        update(delivery)
        .where(delivery.c.id.in_([row["id"] for row in members]))
        .values(state="grouped", group_id=parent["id"], lease_until=None)
    )
    left = {row["id"] for row in rest}
    await connection.execute(
        update(delivery).where(delivery.c.id.in_(left)).values(lease_until=None)
    )
    taken = {row["id"] for row in members} | left
    return [*(row for row in rows if row["id"] not in taken), parent]


def _group_row(transaction: Transaction, members: Sequence[RowMapping], lease: timedelta) -> Row:
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
        "lease_until": transaction.now + lease,
        "reason": "",
        "rescans": 0,
    }
