"""From when a delivery could have been sent: what people hold is not late."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from bot.core.hold import DECIDED, HoldReason
from bot.store.database import tables
from bot.store.database.conditions import Moment
from bot.store.delivering.holding import covers, is_urgent


def held_until(now: Moment) -> ColumnElement[datetime | None]:
    """When the last hold that people had decided on let this delivery go; null if none held it."""
    hold, delivery = tables.hold.c, tables.delivery.c
    passes = and_(hold.reason == HoldReason.QUIET_BUT_FAILURES.value, is_urgent(tables.delivery))
    # The hold of a digest begins anew with each of its moments.
    moment = and_(hold.reason == HoldReason.DIGEST.value, hold.since > delivery.created_at)
    ended = case((moment, hold.since), (hold.until <= now, hold.until))
    return (
        select(func.max(ended))
        .where(
            covers(tables.delivery),
            hold.reason.in_([reason.value for reason in DECIDED]),
            hold.until >= delivery.created_at,
            ~passes,
        )
        .correlate(tables.delivery)
        .scalar_subquery()
    )
