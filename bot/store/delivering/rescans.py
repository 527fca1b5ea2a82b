"""Lease and record the three rescans of sent deliveries that may have copies."""

from datetime import timedelta

from sqlalchemy import or_, select, update

from bot.core.delivery import MessageRef, Rescan
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.delivering.loading import load_deliveries

#: The time from the record that a delivery was sent to its first rescan.
FIRST_RESCAN = timedelta(minutes=2)
_LATER = (timedelta(minutes=15), timedelta(hours=24))


def claim(transaction: Transaction, project: Project, *, limit: int) -> tuple[Rescan, ...]:
    """Lease the sent deliveries whose rescan is due."""
    due = (
        select(tables.delivery.c.id)
        .where(
            of_project(tables.delivery, project),
            tables.delivery.c.state == "sent",
            tables.delivery.c.rescan_at <= transaction.now,
            or_(
                tables.delivery.c.lease_until.is_(None),
                tables.delivery.c.lease_until <= transaction.now,
            ),
        )
        .order_by(tables.delivery.c.rescan_at, tables.delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = transaction.connection.execute(due).scalars().all()
    if not ids:
        return ()
    claimed = transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id.in_(ids))
        .values(
            epoch=tables.delivery.c.epoch + 1,
            lease_until=transaction.now + transaction.timing.lease,
        )
        .returning(*tables.delivery.c)
    )
    rows = claimed.mappings().all()
    by_id = {row["id"]: row for row in rows}
    return tuple(
        Rescan(
            delivery=loaded,
            kept=MessageRef(channel_id=loaded.place.channel_id, ts=by_id[loaded.id]["ts"]),
            epoch=loaded.epoch,
            is_in_group=by_id[loaded.id]["group_id"] is not None,
        )
        for loaded in load_deliveries(transaction, rows)
    )


def record(transaction: Transaction, rescan: Rescan) -> bool:
    """Record a rescan, and set the next of the three times, counted from the sending; False if the
    lease was lost."""
    held = (
        tables.delivery.c.id == rescan.delivery.id,
        tables.delivery.c.epoch == rescan.epoch,
        tables.delivery.c.state == "sent",
        tables.delivery.c.lease_until.is_not(None),
    )
    query = (
        select(tables.delivery.c.rescans, tables.delivery.c.finished_at)
        .where(*held)
        .with_for_update()
    )
    row = transaction.connection.execute(query).one_or_none()
    if row is None:
        return False
    later = _LATER[row.rescans :]
    transaction.connection.execute(
        update(tables.delivery)
        .where(*held)
        .values(
            rescans=row.rescans + 1,
            rescan_at=row.finished_at + later[0] if later else None,
            lease_until=None,
        )
    )
    return True
