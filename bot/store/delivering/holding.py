"""What holds deliveries back: paused places, closed gates, and since when they waited."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text, update

from bot.core.subscription import Place
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.tables import delivery, place

# Shorter is pacing, not an outage: what waited for it does not come grouped.
_PACING = timedelta(seconds=2)

_PAUSE = text(
    "INSERT INTO place (team_id, channel_id, paused_at, reason, told_at)"
    " VALUES (:team_id, :channel_id, :now, :reason, :told_at) ON CONFLICT (team_id, channel_id)"
    " DO UPDATE SET paused_at = coalesce(place.paused_at, excluded.paused_at),"
    " told_at = CASE WHEN place.paused_at IS NULL THEN excluded.told_at ELSE place.told_at END,"
    " reason = excluded.reason"
).bindparams(bindparam("now", type_=UtcTime), bindparam("told_at", type_=UtcTime))

_HOLD = text(
    "INSERT INTO place (team_id, channel_id, reason, held_until)"
    " VALUES (:team_id, :channel_id, '', :until) ON CONFLICT (team_id, channel_id)"
    " DO UPDATE SET held_until = CASE WHEN place.held_until > excluded.held_until"
    " THEN place.held_until ELSE excluded.held_until END"
).bindparams(bindparam("until", type_=UtcTime))

_CLOSE = text(
    "INSERT INTO gate (team_id, channel_id, until) VALUES (:team_id, :channel_id, :until)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET until ="
    " CASE WHEN gate.until > excluded.until THEN gate.until ELSE excluded.until END"
).bindparams(bindparam("until", type_=UtcTime))


async def pause(
    transaction: Transaction, where: Place, reason: str, *, is_told: bool = False
) -> None:
    """Hold what is open in a place, and what will be."""
    await transaction.connection.execute(
        _PAUSE,
        {
            "team_id": where.team_id,
            "channel_id": where.channel_id,
            "now": transaction.now,
            "reason": reason,
            "told_at": transaction.now if is_told else None,
        },
    )
    await _set_due(transaction, where, None)


async def resume(transaction: Transaction, where: Place) -> bool:
    """Let what waited go; True if the place was paused."""
    resumed = await transaction.connection.execute(
        update(place)
        .where(
            place.c.team_id == where.team_id,
            place.c.channel_id == where.channel_id,
            place.c.paused_at.is_not(None),
        )
        .values(paused_at=None, reason="", told_at=None, held_until=transaction.now)
    )
    if not resumed.rowcount:
        return False
    await _set_due(transaction, where, transaction.now)
    await _withdraw_notes(transaction, where)
    return True


async def close(
    transaction: Transaction, team_id: str, channel_id: str, opens_in: timedelta
) -> None:
    """Close the gate of a channel, or with an empty id that of the workspace."""
    until = transaction.now + opens_in
    key = {"team_id": team_id, "channel_id": channel_id, "until": until}
    await transaction.connection.execute(_CLOSE, key)
    if opens_in > _PACING:
        await transaction.connection.execute(_HOLD, key)


async def hold(transaction: Transaction, where: Place, *, until: datetime) -> None:
    """What is created in this place before then has waited through an outage."""
    await transaction.connection.execute(
        _HOLD, {"team_id": where.team_id, "channel_id": where.channel_id, "until": until}
    )


async def due_at(transaction: Transaction, where: Place, due_in: timedelta) -> datetime | None:
    """When a row of this place is due again; None while the place is paused."""
    query = select(place.c.paused_at).where(
        place.c.team_id == where.team_id, place.c.channel_id == where.channel_id
    )
    paused_at = await transaction.connection.scalar(query)
    return transaction.now + due_in if paused_at is None else None


async def _withdraw_notes(transaction: Transaction, where: Place) -> None:
    """Tell nobody any more of a pause that is over."""
    await transaction.connection.execute(
        update(delivery)
        .where(
            delivery.c.team_id == where.team_id,
            delivery.c.about == where.channel_id,
            delivery.c.state == "open",
            delivery.c.intent_at.is_(None),
            delivery.c.lease_until.is_(None),
        )
        .values(state="withdrawn")
    )


async def _set_due(transaction: Transaction, where: Place, due: datetime | None) -> None:
    await transaction.connection.execute(
        update(delivery)
        .where(
            delivery.c.team_id == where.team_id,
            delivery.c.channel_id == where.channel_id,
            delivery.c.state == "open",
        )
        .values(next_at=due)
    )
