"""A card shown anew because somebody asked: what was read for it is recorded like any read."""

from sqlalchemy import and_, exists, or_, select, update

from bot.core.delivery import MessageRef
from bot.core.job import JobId, VisualizationJob
from bot.store.database.database import Transaction
from bot.store.database.tables import card
from bot.store.watching.recording import observe_asked


async def is_followed(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    message: MessageRef,
    job_id: JobId | None = None,
) -> bool:
    """True if the message is a card (of this job, if one is given) that a place follows.

    The card of the job may also be one that Slack shows and nobody has recorded yet.
    """
    is_this = card.c.ts == message.ts
    if job_id is not None:
        is_this = and_(card.c.job_id == job_id, or_(is_this, card.c.ts.is_(None)))
    found = exists().where(
        card.c.team_id == team_id,
        card.c.project_id == project_id,
        card.c.channel_id == message.channel_id,
        card.c.is_followed,
        is_this,
    )
    return bool(await transaction.connection.scalar(select(found)))


async def refresh(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    message: MessageRef,
    job: VisualizationJob,
) -> None:
    """Record the read, and let the card be edited even if it shows no change."""
    await observe_asked(transaction, team_id, project_id, job)
    await transaction.connection.execute(
        update(card)
        .where(
            card.c.team_id == team_id,
            card.c.project_id == project_id,
            card.c.channel_id == message.channel_id,
            card.c.ts == message.ts,
        )
        .values(wanted=card.c.wanted + 1, next_at=transaction.now)
    )
