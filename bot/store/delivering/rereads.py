"""The guard notices that wait for the next read of their job, because their facts may be old.

Notices wait so after downtime, and after hours in which the cloud could not be read.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, null

from bot.core.delivery import DeliveryKind
from bot.store.database import tables
from bot.store.database.conditions import JOB_KEY, Moment, columns_equal
from bot.store.database.database import Transaction

_INTERVALS = 3


def stale_before(transaction: Transaction) -> datetime:
    """Return the moment before which a read is too old, by the measure that cards use, too."""
    return transaction.now - _INTERVALS * transaction.timing.interval


def awaits_read(doubted: Moment) -> ColumnElement[bool]:
    """Match a guard notice whose job was not read since `doubted`, but will be read soon. A notice
    does not wait once the job's card says that no good read confirms it."""
    watched, c = tables.watched_job, tables.watched_job.c
    return and_(
        tables.delivery.c.kind == DeliveryKind.GUARD.value,
        tables.delivery.c.intent_at.is_(None),
        exists().where(
            columns_equal(watched, tables.delivery, JOB_KEY),
            c.next_at.is_not(None),
            c.is_gone.is_(False),
            c.absences == 0,
            c.stale_since.is_(null()),
            c.recorded_at < doubted,
        ),
    )
