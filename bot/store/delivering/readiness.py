"""Which deliveries may be posted now, as conditions of a query."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_

from bot.core.delivery import DeliveryKind
from bot.store.database import tables
from bot.store.database.conditions import UNFINISHED, Moment


def is_due(now: Moment) -> ColumnElement[bool]:
    """It is time to try it. A version before 0011 paused by taking the time away; holds do now."""
    next_at = tables.delivery.c.next_at
    return or_(next_at.is_(None), next_at <= now)


def is_free(now: Moment, settled: Moment) -> ColumnElement[bool]:
    """Nobody has it; what was sent before the second moment could have settled."""
    lease_until = tables.delivery.c.lease_until
    return or_(
        lease_until.is_(None),
        and_(tables.delivery.c.intent_at.is_(None), lease_until <= now),
        lease_until <= settled,
    )


def is_lowest(of: Collection[DeliveryKind] = tuple(DeliveryKind)) -> ColumnElement[bool]:
    """Nothing of its place and job, and of these kinds, comes before it; a dead letter does not
    count."""
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
