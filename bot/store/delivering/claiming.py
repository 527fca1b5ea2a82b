"""Lease deliveries that are due, in order; those that waited through an outage come grouped."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func, or_, select, text, update

from bot.core.delivery import Delivery, DeliveryKind
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import NOW, OF_PROJECT, named
from bot.store.database.database import Transaction
from bot.store.delivering.calming import begin_due
from bot.store.delivering.digest_offers import offer_digests
from bot.store.delivering.edits import mark_carried
from bot.store.delivering.grouping import group_waiting
from bot.store.delivering.holding import is_held
from bot.store.delivering.loading import load_deliveries
from bot.store.delivering.mornings import without_vain
from bot.store.delivering.readiness import is_due, is_free, is_lowest
from bot.store.delivering.reconciling import doubt_new


def claim(transaction: Transaction, project: Project, *, limit: int) -> tuple[Delivery, ...]:
    """Lease what is due and may be posted now, the longest waiting turn first.

    A row with an intent is left alone until what may have been sent can be found.
    """
    begin_due(transaction, project.team_id)
    doubt_new(transaction, project)
    ids = _due_ids(transaction, project, limit)
    if not ids:
        return ()
    offer_digests(transaction, ids)
    rows = group_waiting(transaction, _take(transaction, ids))
    mark_carried(transaction, rows)
    return without_vain(transaction, load_deliveries(transaction, rows))


def _due_ids(transaction: Transaction, project: Project, limit: int) -> Sequence[str]:
    values = {
        **named(project),
        "now": transaction.now,
        "settled": transaction.now - transaction.timing.settle,
        "limit": limit,
    }
    return transaction.connection.execute(_due(), values).scalars().all()


@cache
def _due() -> Select[Any]:
    is_unleased = is_free(NOW, bindparam("settled", type_=UtcTime))
    # One of each place, as Slack takes one a second there: a crowded place holds nobody up.
    of_place = func.row_number().over(
        partition_by=tables.delivery.c.channel_id,
        # Changes of one moment are posted job by job: first the card, then what hangs under it.
        order_by=(
            tables.delivery.c.turn_at,
            tables.delivery.c.job_id,
            tables.delivery.c.sequence,
            tables.delivery.c.id,
        ),
    )
    ranked = (
        select(tables.delivery.c.id, of_place.label("rank"))
        .where(
            text(OF_PROJECT),
            tables.delivery.c.state == "open",
            # What a later version enqueues is its own to post.
            tables.delivery.c.kind.in_([kind.value for kind in DeliveryKind]),
            is_due(NOW),
            # In the mode `card` the edit of the card is the delivery.
            or_(tables.delivery.c.kind != "change", tables.delivery.c.telling != "card"),
            is_unleased,
            is_lowest(),
            ~is_held(NOW),
        )
        .cte("ranked")
        # Once: without statistics PostgreSQL would rank all anew for each row of the join, which
        # takes longer than a call may with as few as 200 rows.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(tables.delivery.c.id)
        .join(ranked, ranked.c.id == tables.delivery.c.id)
        # Said again here: PostgreSQL looks at them once more when it has waited for the row.
        .where(
            ranked.c.rank == 1,
            tables.delivery.c.state == "open",
            is_unleased,
        )
        .order_by(tables.delivery.c.turn_at, tables.delivery.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, of=tables.delivery)
    )


def _take(transaction: Transaction, ids: Sequence[str]) -> Sequence[RowMapping]:
    claimed = transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id.in_(ids))
        .values(
            epoch=tables.delivery.c.epoch + 1,
            lease_until=transaction.now + transaction.timing.lease,
            # Somebody had it and did not say what became of it.
            is_doubtful=or_(
                tables.delivery.c.is_doubtful,
                tables.delivery.c.lease_until.is_not(None),
                tables.delivery.c.intent_at.is_not(None),
            ),
        )
        .returning(*tables.delivery.c)
    )
    return sorted(claimed.mappings(), key=lambda row: ids.index(row["id"]))
