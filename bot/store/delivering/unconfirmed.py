"""Notices of which nobody can say whether Slack took them: their job's card says how many."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, func, select, update

from bot.core.delivery import UNCONFIRMED, DeliveryKind
from bot.core.subscription import Place
from bot.store.database.database import Transaction
from bot.store.database.tables import card, delivery


async def mark_cards(
    transaction: Transaction, where: Place, project_id: str, delivery_id: str
) -> None:
    """What the cards of a delivery's jobs say of unconfirmed notices has changed: edit them."""
    jobs = select(delivery.c.job_id).where(
        (delivery.c.id == delivery_id) | (delivery.c.group_id == delivery_id)
    )
    await transaction.connection.execute(
        update(card)
        .where(
            card.c.team_id == where.team_id,
            card.c.project_id == project_id,
            card.c.channel_id == where.channel_id,
            card.c.job_id.in_(jobs),
            card.c.is_followed,
        )
        .values(wanted=card.c.wanted + 1)
    )


async def count_unconfirmed(
    transaction: Transaction, rows: Sequence[RowMapping]
) -> dict[tuple[str, int], int]:
    """How many notices could not be confirmed, by channel and job, of these cards' rows."""
    if not rows:
        return {}
    query = (
        select(delivery.c.channel_id, delivery.c.job_id, func.count())
        .where(
            delivery.c.team_id == rows[0]["team_id"],
            delivery.c.project_id == rows[0]["project_id"],
            delivery.c.channel_id.in_({row["channel_id"] for row in rows}),
            delivery.c.job_id.in_({row["job_id"] for row in rows}),
            delivery.c.kind == DeliveryKind.CHANGE.value,
            delivery.c.state == "dead",
            delivery.c.reason.startswith(UNCONFIRMED),
        )
        .group_by(delivery.c.channel_id, delivery.c.job_id)
    )
    return {
        (channel_id, job_id): count
        for channel_id, job_id, count in await transaction.connection.execute(query)
    }
