"""What holds deliveries back: paused places, closed gates, and since when they waited."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text, update

from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.inbox import is_known

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


def pause(transaction: Transaction, place: Place, *, reason: str, is_told: bool = False) -> None:
    """Hold what is open in a place, and what will be."""
    transaction.connection.execute(
        _PAUSE,
        {
            "team_id": place.team_id,
            "channel_id": place.channel_id,
            "now": transaction.now,
            "reason": reason,
            "told_at": transaction.now if is_told else None,
        },
    )
    _set_due(transaction, place, None)


def pause_once(transaction: Transaction, place: Place, *, reason: str, event_key: str) -> None:
    """The same, for an event; one that was seen before pauses nothing."""
    if not is_known(transaction, place.team_id, event_key):
        pause(transaction, place, reason=reason)


def resume(transaction: Transaction, place: Place) -> bool:
    """Let what waited go; True if the place was paused."""
    resumed = transaction.connection.execute(
        update(tables.place)
        .where(
            of_place(tables.place, place),
            tables.place.c.paused_at.is_not(None),
        )
        .values(paused_at=None, reason="", told_at=None, held_until=transaction.now)
    )
    if not resumed.rowcount:
        return False
    _set_due(transaction, place, transaction.now)
    _withdraw_notes(transaction, place)
    return True


def close(transaction: Transaction, team_id: str, channel_id: str, *, opens_in: timedelta) -> None:
    """Close the gate of a channel, or with an empty id that of the workspace."""
    until = transaction.now + opens_in
    key = {"team_id": team_id, "channel_id": channel_id, "until": until}
    transaction.connection.execute(_CLOSE, key)
    if opens_in > _PACING:
        transaction.connection.execute(_HOLD, key)


def hold(transaction: Transaction, place: Place, *, until: datetime) -> None:
    """What is created in this place before then has waited through an outage."""
    transaction.connection.execute(
        _HOLD, {"team_id": place.team_id, "channel_id": place.channel_id, "until": until}
    )


def due_at(transaction: Transaction, place: Place, due_in: timedelta) -> datetime | None:
    """When a row of this place is due again; None while the place is paused."""
    query = select(tables.place.c.paused_at).where(
        of_place(tables.place, place),
    )
    paused_at = transaction.connection.scalar(query)
    return transaction.now + due_in if paused_at is None else None


def _withdraw_notes(transaction: Transaction, place: Place) -> None:
    """Tell nobody any more of a pause that is over."""
    transaction.connection.execute(
        update(tables.delivery)
        .where(
            tables.delivery.c.team_id == place.team_id,
            tables.delivery.c.about == place.channel_id,
            tables.delivery.c.state == "open",
            tables.delivery.c.intent_at.is_(None),
            tables.delivery.c.lease_until.is_(None),
        )
        .values(state="withdrawn")
    )


def _set_due(transaction: Transaction, place: Place, due: datetime | None) -> None:
    transaction.connection.execute(
        update(tables.delivery)
        .where(
            of_place(tables.delivery, place),
            tables.delivery.c.state == "open",
        )
        .values(next_at=due)
    )
