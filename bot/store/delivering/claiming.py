"""Lease deliveries that are due, in order; those that waited through an outage come grouped."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, func, or_, select, update

from bot.store.database.database import Transaction
from bot.store.database.tables import delivery
from bot.store.delivering.grouping import group_waiting
from bot.store.delivering.readiness import is_free, is_gated, is_lowest


async def claim_rows(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    *,
    limit: int,
    lease: timedelta,
    settle: timedelta,
) -> Sequence[RowMapping]:
    """Lease what is due and may be posted now, the longest waiting turn first.

    A row with an intent is left alone until what may have been sent can be found.
    """
    ids = await _due(transaction, team_id, project_id, limit, settle)
    if not ids:
        return ()
    rows = await _take(transaction, ids, lease)
    return await group_waiting(transaction, rows, lease=lease)


async def _due(
    transaction: Transaction, team_id: str, project_id: str, limit: int, settle: timedelta
) -> Sequence[str]:
    # One of each place, as Slack takes one a second there: a crowded place holds nobody up.
    of_place = func.row_number().over(
        partition_by=delivery.c.channel_id,
        # What happened at once is told job by job: a card, and then what it is there for.
        order_by=(
            delivery.c.turn_at,
            delivery.c.job_id,
            delivery.c.sequence,
            delivery.c.id,
        ),
    )
    ranked = (
        select(delivery.c.id, of_place.label("rank"))
        .where(
            delivery.c.team_id == team_id,
            delivery.c.project_id == project_id,
            delivery.c.state == "open",
            delivery.c.next_at <= transaction.now,
            # What the card alone tells is told by the card's edit.
            or_(delivery.c.kind != "change", delivery.c.telling != "card"),
            is_free(transaction, settle),
            is_lowest(),
            ~is_gated(transaction),
        )
        .cte("ranked")
        # Once: without statistics PostgreSQL would rank all anew for each row of the join, which
        # takes longer than a call may with as few as 200 rows.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    due = (
        select(delivery.c.id)
        .join(ranked, ranked.c.id == delivery.c.id)
        # Said again here: PostgreSQL looks at them once more when it has waited for the row.
        .where(ranked.c.rank == 1, delivery.c.state == "open", is_free(transaction, settle))
        .order_by(delivery.c.turn_at, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
    )
    return (await transaction.connection.execute(due)).scalars().all()


async def _take(
    transaction: Transaction, ids: Sequence[str], lease: timedelta
) -> Sequence[RowMapping]:
    claimed = await transaction.connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(ids))
        .values(
            epoch=delivery.c.epoch + 1,
            lease_until=transaction.now + lease,
            # Somebody had it and did not say what became of it.
            is_doubtful=or_(
                delivery.c.is_doubtful,
                delivery.c.lease_until.is_not(None),
                delivery.c.intent_at.is_not(None),
            ),
        )
        .returning(*delivery.c)
    )
    return sorted(claimed.mappings(), key=lambda row: ids.index(row["id"]))
