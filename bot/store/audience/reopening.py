"""Reopen closed cards when their jobs are followed again; inside a transaction."""

from sqlalchemy import and_, select, update

from bot.core.subscription import JobTarget, Subscription, matches
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import JOB_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import job_of


def reopen_cards(transaction: Transaction, kept: Subscription) -> None:
    """Reopen the posted cards of the place whose jobs the subscription covers; the card keeper
    edits them later. A card that was never posted comes with the next change."""
    card, job = tables.card, tables.watched_job
    here = and_(
        of_project(card, kept.project),
        card.c.channel_id == kept.place.channel_id,
        card.c.is_followed.is_(False),
    )
    closed = (
        select(job)
        .join(card, columns_equal(card, job, JOB_KEY))
        .where(here, card.c.ts.is_not(None), job.c.is_gone.is_(False), job.c.status.is_not(None))
    )
    if isinstance(kept.target, JobTarget):
        closed = closed.where(card.c.job_id == kept.target.job_id)
    rows = transaction.connection.execute(closed).mappings().all()
    again = [one.id for one in map(job_of, rows) if matches(kept.target, one)]
    if again:
        transaction.connection.execute(
            update(card)
            .where(here, among(card.c.job_id, again))
            .values(is_followed=True, wanted=card.c.wanted + 1, next_at=transaction.now)
        )
