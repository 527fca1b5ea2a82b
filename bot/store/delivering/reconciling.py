"""After the database was restored from a backup: what Slack may show and we do not know of."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, delete, exists, func, insert, literal, or_, select, update

from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.tables import card, delivery, restore
from bot.store.database.tables import change as changes_table

#: How old the backup may be: from then on what was posted may be unknown.
LOST_AT_MOST = timedelta(hours=24)
# Until then each job was read again, or nobody wishes to hear of it.
_DOUBTED_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """How many messages are looked for in Slack: not sent as far as we know, and sent."""

    open: int
    sent: int


async def reconcile(transaction: Transaction) -> Reconciled:
    """Mark what may be in Slack; to do it again does no harm.

    1. What is open may have been sent: it is looked for before it is posted.
    2. What was sent lately may be there twice: it is rescanned.
    3. What the first read after the restore tells may have been told: see `doubt_new`.
    4. The cards in place may show more than is known: they are edited.
    """
    connection, now = transaction.connection, transaction.now
    since = literal(now - LOST_AT_MOST, UtcTime())
    created = delivery.c.created_at
    opened = await connection.execute(
        update(delivery)
        .where(delivery.c.state == "open")
        .values(
            intent_at=func.coalesce(delivery.c.intent_at, literal(now, UtcTime())),
            look_from=func.coalesce(
                delivery.c.look_from,
                delivery.c.intent_at,
                case((created > since, created), else_=since),
            ),
            is_doubtful=True,
            # Nobody who held it before the restore may go on.
            epoch=delivery.c.epoch + 1,
            lease_until=None,
        )
    )
    sent = await connection.execute(
        update(delivery)
        .where(
            delivery.c.state == "sent",
            delivery.c.group_id.is_(None),
            delivery.c.finished_at >= now - LOST_AT_MOST,
        )
        .values(is_doubtful=True, rescan_at=now, rescans=0, lease_until=None)
    )
    await connection.execute(
        update(card)
        .where(card.c.ts.is_not(None), card.c.is_followed)
        .values(wanted=card.c.wanted + 1)
    )
    await connection.execute(delete(restore))
    await connection.execute(insert(restore).values(id=1, at=now))
    return Reconciled(open=opened.rowcount, sent=sent.rowcount)


async def doubt_new(transaction: Transaction, team_id: str, project_id: str) -> None:
    """For a while after a restore, what is ordered anew may have been sent before it.

    Of the changes only those that a job's first read tells: what was seen after that is news.
    """
    now = transaction.now
    at = await transaction.connection.scalar(
        select(restore.c.at).where(restore.c.at > now - _DOUBTED_FOR)
    )
    if at is None:
        return
    is_of_later_read = exists().where(
        *(
            changes_table.c[name] == delivery.c[name]
            for name in ("team_id", "project_id", "job_id", "sequence")
        ),
        changes_table.c.last_seen_at > at,
    )
    await transaction.connection.execute(
        update(delivery)
        .where(
            delivery.c.team_id == team_id,
            delivery.c.project_id == project_id,
            delivery.c.state == "open",
            delivery.c.intent_at.is_(None),
            delivery.c.lease_until.is_(None),
            delivery.c.created_at >= at,
            or_(delivery.c.kind != "change", ~is_of_later_read),
            or_(delivery.c.kind == "change", delivery.c.created_at < at + LOST_AT_MOST),
        )
        .values(intent_at=now, look_from=at - LOST_AT_MOST, is_doubtful=True)
    )
