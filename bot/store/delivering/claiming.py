"""Lease the deliveries that are due, in order, and group those that waited through an outage."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func, or_, select, text, update

from bot.core.delivery import Delivery, DeliveryKind
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import NOW, OF_PROJECT, project_key
from bot.store.database.database import Transaction
from bot.store.delivering.digest_offers import offer_digests
from bot.store.delivering.edits import mark_carried
from bot.store.delivering.grouping import group_waiting
from bot.store.delivering.holding import is_held
from bot.store.delivering.loading import load_deliveries
from bot.store.delivering.lower_marks import withdraw_lower_marks
from bot.store.delivering.mornings import withdraw_needless
from bot.store.delivering.outages import merge_outages
from bot.store.delivering.overtaken import withdraw_overtaken
from bot.store.delivering.readiness import is_due, is_free, is_lowest
from bot.store.delivering.reconciling import doubt_new
from bot.store.delivering.rereads import awaits_read, stale_before
from bot.store.delivering.rule_holds import begin_due

_GUARD = DeliveryKind.GUARD.value


def claim(transaction: Transaction, project: Project, *, limit: int) -> tuple[Delivery, ...]:
    """Lease the deliveries that are due and may be posted now, the earliest turn first.

    A delivery whose lease ended after its intent is skipped until Slack would show its message.
    """
    begin_due(transaction, project.team_id)
    doubt_new(transaction, project)
    due = _find_due(transaction, project, limit)
    while _withdraw_vain(transaction, [id for id, kind in due if kind == _GUARD]):
        due = _find_due(transaction, project, limit)
    ids = [id for id, _ in due]
    if not ids:
        return ()
    offer_digests(transaction, ids)
    kept, in_place = merge_outages(transaction, _take(transaction, ids))
    rows = group_waiting(transaction, [*kept, *_take(transaction, in_place)])
    mark_carried(transaction, rows)
    return withdraw_needless(transaction, load_deliveries(transaction, rows))


def _withdraw_vain(transaction: Transaction, reminders: Sequence[str]) -> bool:
    return withdraw_overtaken(transaction, reminders) or withdraw_lower_marks(
        transaction, reminders
    )


def _find_due(transaction: Transaction, project: Project, limit: int) -> Sequence[tuple[str, str]]:
    """Return the id and the kind of each delivery that may be leased now."""
    values = {
        **project_key(project),
        "now": transaction.now,
        "settled": transaction.now - transaction.timing.settle,
        "doubted": stale_before(transaction),
        "limit": limit,
    }
    return [(row.id, row.kind) for row in transaction.connection.execute(_due(), values)]


@cache
def _due() -> Select[Any]:
    is_unleased = is_free(NOW, bindparam("settled", type_=UtcTime))
    # Claim one per place, because Slack takes one message a second in a channel. So a place with
    # many deliveries does not use up the limit for all places.
    of_place = func.row_number().over(
        partition_by=tables.delivery.c.channel_id,
        # Among deliveries of one moment, a job's card comes first and its thread's messages next.
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
            # A later version may have enqueued kinds that this version cannot post.
            tables.delivery.c.kind.in_([kind.value for kind in DeliveryKind]),
            is_due(NOW),
            # In the delivery mode `card` the edit of the card delivers the change.
            or_(tables.delivery.c.kind != "change", tables.delivery.c.telling != "card"),
            is_unleased,
            is_lowest(),
            ~is_held(NOW),
            ~awaits_read(bindparam("doubted", type_=UtcTime)),
        )
        .cte("ranked")
        # Without statistics PostgreSQL would rank all rows again for each row of the join, and
        # exceed the time limit of a call with as few as 200 rows.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(tables.delivery.c.id, tables.delivery.c.kind)
        .join(ranked, ranked.c.id == tables.delivery.c.id)
        # The conditions on the row are repeated here, because PostgreSQL checks only these again
        # when another transaction has changed the row.
        .where(ranked.c.rank == 1, tables.delivery.c.state == "open", is_unleased)
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
            # An earlier lease ended without a record of its result, so a copy may be in Slack.
            is_doubtful=or_(
                tables.delivery.c.is_doubtful,
                tables.delivery.c.lease_until.is_not(None),
                tables.delivery.c.intent_at.is_not(None),
            ),
        )
        .returning(*tables.delivery.c)
    )
    return sorted(claimed.mappings(), key=lambda row: ids.index(row["id"]))
