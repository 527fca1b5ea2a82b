"""Paused places whose people were not told yet, and the notes that tell them."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.core.delivery import DeliveryKind, Pause, pause_id
from bot.core.subscription import DeliveryMode, Place
from bot.store.database.database import Transaction
from bot.store.database.rows import Row, place_of
from bot.store.database.tables import delivery, place, subscription
from bot.store.delivering.holding import due_at

_AT_ONCE = timedelta(0)
_LIVE = ("active", "pending")


async def untold(transaction: Transaction, team_id: str, *, limit: int) -> tuple[Pause, ...]:
    """The pauses of channels that nobody was told of, the longest first."""
    query = (
        select(place)
        .where(
            place.c.team_id == team_id,
            place.c.paused_at.is_not(None),
            place.c.told_at.is_(None),
            # Who cannot be told by direct message cannot be told so by direct message.
            ~place.c.channel_id.startswith("D"),
        )
        .order_by(place.c.paused_at, place.c.channel_id)
        .limit(limit)
    )
    rows = (await transaction.connection.execute(query)).mappings().all()
    return tuple([await _pause(transaction, row) for row in rows])


async def order_notes(
    transaction: Transaction, project_id: str, pause: Pause, told: Collection[Place]
) -> None:
    """Order one note for each of these direct messages; this pause is told of no more."""
    marked = await transaction.connection.execute(
        update(place)
        .where(
            place.c.team_id == pause.place.team_id,
            place.c.channel_id == pause.place.channel_id,
            place.c.paused_at == pause.paused_at,
            place.c.told_at.is_(None),
        )
        .values(told_at=transaction.now)
    )
    if not marked.rowcount or not told:
        return
    rows = [await _note(transaction, project_id, pause, where) for where in told]
    # SQLite reads the same words.
    await transaction.connection.execute(upsert(delivery).values(rows).on_conflict_do_nothing())


async def reasons(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, str]:
    """Why the channels are paused that these deliveries tell of."""
    about = {row["about"] for row in rows if row["about"]}
    if not about:
        return {}
    query = select(place.c.channel_id, place.c.reason).where(
        place.c.team_id == rows[0]["team_id"], place.c.channel_id.in_(about)
    )
    return {row.channel_id: row.reason for row in await transaction.connection.execute(query)}


async def _pause(transaction: Transaction, row: RowMapping) -> Pause:
    query = (
        select(subscription.c.created_by)
        .where(
            subscription.c.team_id == row["team_id"],
            subscription.c.channel_id == row["channel_id"],
            subscription.c.state.in_(_LIVE),
        )
        .distinct()
        .order_by(subscription.c.created_by)
    )
    people = (await transaction.connection.execute(query)).scalars().all()
    return Pause(place=place_of(row), paused_at=row["paused_at"], people=tuple(people))


async def _note(transaction: Transaction, project_id: str, pause: Pause, where: Place) -> Row:
    return {
        "id": pause_id(where, pause.place, pause.paused_at),
        "team_id": where.team_id,
        "project_id": project_id,
        "channel_id": where.channel_id,
        "job_id": 0,
        "sequence": int(pause.paused_at.timestamp()),
        "kind": DeliveryKind.PLACE_PAUSED.value,
        "telling": DeliveryMode.THREAD.value,
        "state": "open",
        "since": pause.paused_at,
        "about": pause.place.channel_id,
        "created_at": transaction.now,
        "turn_at": transaction.now,
        "next_at": await due_at(transaction, where, _AT_ONCE),
        "attempts": 0,
        "is_doubtful": False,
        "epoch": 0,
        "reason": "",
        "rescans": 0,
    }
