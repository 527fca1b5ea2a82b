"""Find what Slack may show, but the database does not know after a restore from a backup."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, delete, exists, func, insert, literal, or_, select, update

from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import CHANGE_KEY, columns_equal, of_project
from bot.store.database.database import Transaction

#: The greatest age of a backup: messages posted since then may be unknown.
LOST_AT_MOST = timedelta(hours=24)
# Within this time each job is read again, or loses its last subscription.
_DOUBTED_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """How many deliveries are searched for in Slack: open ones, and sent ones."""

    open: int
    sent: int


def reconcile(transaction: Transaction) -> Reconciled:
    """Mark the deliveries that may be in Slack; a second call does no harm.

    1. An open delivery may have been sent: it is searched for before it is posted.
    2. A delivery that was sent lately may be in Slack twice: it is rescanned.
    3. The changes of the first read after the restore may have been posted: see `doubt_new`.
    4. A card may show a newer state than the database has: it is edited.
    """
    connection, now = transaction.connection, transaction.now
    since = literal(now - LOST_AT_MOST, UtcTime())
    created = tables.delivery.c.created_at
    opened = connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.state == "open")
        .values(
            intent_at=func.coalesce(tables.delivery.c.intent_at, literal(now, UtcTime())),
            look_from=func.coalesce(
                tables.delivery.c.look_from,
                tables.delivery.c.intent_at,
                case((created > since, created), else_=since),
            ),
            is_doubtful=True,
            # A worker that leased the row before the restore must not write it any more.
            epoch=tables.delivery.c.epoch + 1,
            lease_until=None,
        )
    )
    sent = connection.execute(
        update(tables.delivery)
        .where(
            tables.delivery.c.state == "sent",
            tables.delivery.c.group_id.is_(None),
            tables.delivery.c.finished_at >= now - LOST_AT_MOST,
        )
        .values(is_doubtful=True, rescan_at=now, rescans=0, lease_until=None)
    )
    connection.execute(
        update(tables.card)
        .where(tables.card.c.ts.is_not(None), tables.card.c.is_followed)
        .values(wanted=tables.card.c.wanted + 1)
    )
    connection.execute(delete(tables.restore))
    connection.execute(insert(tables.restore).values(id=1, at=now))
    return Reconciled(open=opened.rowcount, sent=sent.rowcount)


def doubt_new(transaction: Transaction, project: Project) -> None:
    """Mark new deliveries, for a while after a restore, as perhaps sent before the restore.

    Of the changes only those that a job's first read after the restore found: later ones are new.
    """
    now = transaction.now
    at = transaction.connection.scalar(
        select(tables.restore.c.at).where(tables.restore.c.at > now - _DOUBTED_FOR)
    )
    if at is None:
        return
    is_of_later_read = exists().where(
        columns_equal(tables.change, tables.delivery, CHANGE_KEY),
        tables.change.c.last_seen_at > at,
    )
    transaction.connection.execute(
        update(tables.delivery)
        .where(
            of_project(tables.delivery, project),
            tables.delivery.c.state == "open",
            tables.delivery.c.intent_at.is_(None),
            tables.delivery.c.lease_until.is_(None),
            # A delivery that was searched for already is not searched for again.
            ~tables.delivery.c.is_doubtful,
            tables.delivery.c.created_at >= at,
            or_(tables.delivery.c.kind != "change", ~is_of_later_read),
            or_(
                tables.delivery.c.kind == "change", tables.delivery.c.created_at < at + LOST_AT_MOST
            ),
        )
        .values(intent_at=now, look_from=at - LOST_AT_MOST, is_doubtful=True)
    )
