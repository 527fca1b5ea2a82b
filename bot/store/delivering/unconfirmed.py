"""Unconfirmed notices: dead letters that may be in Slack. The job's card shows their number."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, func, select

from bot.core.delivery import DeliveryKind
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.reasons import UNCONFIRMED
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import project_of
from bot.store.delivering.enqueue import refresh_cards


def mark_cards(transaction: Transaction, project: Project, place: Place, delivery_id: str) -> None:
    """Redraw the cards of a delivery's jobs, because their number of unconfirmed notices has
    changed."""
    jobs = select(tables.delivery.c.job_id).where(
        (tables.delivery.c.id == delivery_id) | (tables.delivery.c.group_id == delivery_id)
    )
    job_ids = set(map(JobId, transaction.connection.execute(jobs).scalars()))
    refresh_cards(transaction, project, job_ids, place=place)


def count_unconfirmed(
    transaction: Transaction, rows: Sequence[RowMapping]
) -> dict[tuple[str, int], int]:
    """Return the number of unconfirmed notices, by channel and job, for these rows of cards."""
    if not rows:
        return {}
    query = (
        select(tables.delivery.c.channel_id, tables.delivery.c.job_id, func.count())
        .where(
            of_project(tables.delivery, project_of(rows[0])),
            tables.delivery.c.channel_id.in_({row["channel_id"] for row in rows}),
            tables.delivery.c.job_id.in_({row["job_id"] for row in rows}),
            tables.delivery.c.kind.in_((DeliveryKind.CHANGE.value, DeliveryKind.GUARD.value)),
            tables.delivery.c.state == "dead",
            tables.delivery.c.reason.startswith(UNCONFIRMED),
        )
        .group_by(tables.delivery.c.channel_id, tables.delivery.c.job_id)
    )
    return {
        (channel_id, job_id): count
        for channel_id, job_id, count in transaction.connection.execute(query)
    }
