"""The conditions by which queries find the deliveries that may be posted now."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_

from bot.core.delivery import DeliveryKind
from bot.store.database import tables
from bot.store.database.conditions import UNFINISHED, Moment


def is_due(now: Moment) -> ColumnElement[bool]:
    """Match a delivery whose time has come. Null counts as due: versions before 0011 paused a
    delivery by null, and now a hold does that."""
    next_at = tables.delivery.c.next_at
    return or_(next_at.is_(None), next_at <= now)


def is_free(now: Moment, settled: Moment) -> ColumnElement[bool]:
    """Match a delivery without a lease, or with one that has ended. After an intent the lease must
    have ended before `settled`, so that Slack shows a message that was sent."""
    lease_until = tables.delivery.c.lease_until
    return or_(
        lease_until.is_(None),
        and_(tables.delivery.c.intent_at.is_(None), lease_until <= now),
        lease_until <= settled,
    )


def is_lowest(of: Collection[DeliveryKind] = tuple(DeliveryKind)) -> ColumnElement[bool]:
    """Match a delivery without an unfinished earlier one, of these kinds, for the same place and
    job. A dead letter is finished."""
    earlier = tables.delivery.alias("earlier")
    conditions = [
        earlier.c.team_id == tables.delivery.c.team_id,
        earlier.c.channel_id == tables.delivery.c.channel_id,
        earlier.c.project_id == tables.delivery.c.project_id,
        earlier.c.job_id == tables.delivery.c.job_id,
        earlier.c.state.in_(UNFINISHED),
        earlier.c.sequence < tables.delivery.c.sequence,
    ]
    if len(of) < len(DeliveryKind):
        conditions.append(earlier.c.kind.in_([kind.value for kind in of]))
    return ~exists().where(*conditions)
