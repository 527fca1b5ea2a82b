"""Remove jobs that are gone, long after the last change in their history; otherwise their rows
would stay for ever."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_, select, tuple_

from bot.store.database import tables
from bot.store.database.conditions import JOB_KEY, UNFINISHED, columns_equal
from bot.store.database.database import Transaction

#: The least age, however short the history: after so long no denial is a mistake, and no message
#: is looked for whose sequence a returning job, which begins at 0, could repeat.
GONE_AT_LEAST = timedelta(days=30)
#: How many jobs one transaction removes: each has rows in several tables, and a card per place.
_MOST_AT_ONCE = 100


def forget_some_jobs(transaction: Transaction, moment: datetime) -> bool:
    """Remove some jobs that were gone before `moment`, with their cards and ended subscriptions;
    True if there may be more. Messages in Slack stay."""
    moment = min(moment, transaction.now - GONE_AT_LEAST)
    job = tables.watched_job
    unfinished = and_(
        columns_equal(tables.delivery, job, JOB_KEY),
        or_(tables.delivery.c.kind != "card", tables.delivery.c.state.in_(UNFINISHED)),
    )
    wanted = and_(
        columns_equal(tables.subscription, job, JOB_KEY), tables.subscription.c.state != "ended"
    )
    may_go = and_(
        job.c.is_gone,
        job.c.recorded_at < moment,
        job.c.next_at.is_(None),
        ~exists().where(columns_equal(tables.change, job, JOB_KEY)),
        ~exists().where(unfinished),
        ~exists().where(wanted),
    )
    key = [job.c[name] for name in JOB_KEY]
    # Read without an index: this runs once a day, and reads as many rows as there are jobs.
    found = select(*key).where(may_go).limit(_MOST_AT_ONCE).with_for_update(skip_locked=True)
    gone = [tuple(row) for row in transaction.connection.execute(found)]
    if not gone:
        return False
    for table in (tables.delivery, tables.card, tables.care, tables.subscription, job):
        is_theirs = tuple_(*(table.c[name] for name in JOB_KEY)).in_(gone)
        transaction.connection.execute(delete(table).where(is_theirs))
    return len(gone) == _MOST_AT_ONCE
