"""Sent deliveries that may have copies: looked at again three times."""

from datetime import timedelta

from sqlalchemy import or_, select, update

from bot.core.delivery import MessageRef, Rescan
from bot.store.database.database import Transaction
from bot.store.database.tables import delivery
from bot.store.delivering.loading import load_deliveries

#: After a delivery was recorded sent.
FIRST_RESCAN = timedelta(minutes=2)
_LATER = (timedelta(minutes=15), timedelta(hours=24))


async def claim(
    transaction: Transaction, team_id: str, project_id: str, *, limit: int, lease: timedelta
) -> tuple[Rescan, ...]:
    """Lease the sent deliveries that are due to be looked at."""
    due = (
        select(delivery.c.id)
        .where(
            delivery.c.team_id == team_id,
            delivery.c.project_id == project_id,
            delivery.c.state == "sent",
            delivery.c.rescan_at <= transaction.now,
            or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= transaction.now),
        )
        .order_by(delivery.c.rescan_at, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = (await transaction.connection.execute(due)).scalars().all()
    if not ids:
        return ()
    claimed = await transaction.connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(ids))
        .values(epoch=delivery.c.epoch + 1, lease_until=transaction.now + lease)
        .returning(*delivery.c)
    )
    rows = claimed.mappings().all()
    kept = {row["id"]: row["ts"] for row in rows}
    return tuple(
        Rescan(
            delivery=loaded,
            kept=MessageRef(channel_id=loaded.place.channel_id, ts=kept[loaded.id]),
            epoch=loaded.epoch,
        )
        for loaded in await load_deliveries(transaction, rows)
    )


async def record(transaction: Transaction, rescan: Rescan) -> bool:
    """Set the next of the three times, counted from the sending."""
    held = (
        delivery.c.id == rescan.delivery.id,
        delivery.c.epoch == rescan.epoch,
        delivery.c.state == "sent",
        delivery.c.lease_until.is_not(None),
    )
    query = select(delivery.c.rescans, delivery.c.finished_at).where(*held).with_for_update()
    row = (await transaction.connection.execute(query)).one_or_none()
    if row is None:
        return False
    later = _LATER[row.rescans :]
    await transaction.connection.execute(
        update(delivery)
        .where(*held)
        .values(
            rescans=row.rescans + 1,
            rescan_at=row.finished_at + later[0] if later else None,
            lease_until=None,
        )
    )
    return True
