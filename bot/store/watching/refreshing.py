"""Redraw a card on a person's request, and record the read that was made for it."""

from sqlalchemy import and_, exists, or_, select, update

from bot.core.card_edit import CardEdit
from bot.core.delivery import MessageRef
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.delivering import edits
from bot.store.watching.recording import observe_asked


def is_followed(
    transaction: Transaction, project: Project, card: MessageRef, job_id: JobId | None = None
) -> bool:
    """True if the message is a card (of this job, if one is given) that a place follows.

    With a job, a card that Slack shows and that is not recorded yet counts, too.
    """
    c = tables.card.c
    is_this = c.ts == card.ts
    if job_id is not None:
        is_this = and_(c.job_id == job_id, or_(is_this, c.ts.is_(None)))
    found = exists().where(
        of_project(tables.card, project), c.channel_id == card.channel_id, c.is_followed, is_this
    )
    return bool(transaction.connection.scalar(select(found)))


def job_of_card(transaction: Transaction, project: Project, card: MessageRef) -> JobId | None:
    """Return the job of a card that a place follows; None for any other message."""
    c = tables.card.c
    found = select(c.job_id).where(
        of_project(tables.card, project),
        c.channel_id == card.channel_id,
        c.ts == card.ts,
        c.is_followed,
    )
    job_id = transaction.connection.scalar(found)
    return None if job_id is None else JobId(job_id)


def refresh_card(
    transaction: Transaction, project: Project, card: MessageRef, job: VisualizationJob
) -> tuple[CardEdit, ...] | None:
    """Record the read, and lease the edit of the card even if the read shows no change. None if the
    message is not a card of this job that a place follows."""
    if not is_followed(transaction, project, card, job.id):
        return None
    observe_asked(transaction, project, job)
    c = tables.card.c
    transaction.connection.execute(
        update(tables.card)
        .where(of_project(tables.card, project), c.channel_id == card.channel_id, c.ts == card.ts)
        .values(wanted=c.wanted + 1, next_at=transaction.now)
    )
    return edits.claim(transaction, project, limit=1, only=card)
