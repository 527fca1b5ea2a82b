"""What was never sent: listed, counted, and driven again by a person."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, case, func, literal, select, update

from bot.core.delivery import DeliveryKind, GuardDelivery
from bot.core.delivery_report import DeadLetter
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.reasons import UNCONFIRMED
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.inbox import claim_request
from bot.store.database.rows import place_of
from bot.store.delivering.loading import load_deliveries
from bot.store.delivering.unconfirmed import mark_cards

#: Of a group only the group itself is one.
IS_DEAD_LETTER = and_(tables.delivery.c.state == "dead", tables.delivery.c.group_id.is_(None))


def count_dead_letters(transaction: Transaction, *where: ColumnElement[bool]) -> int:
    """How many there are."""
    query = select(func.count()).select_from(tables.delivery).where(IS_DEAD_LETTER, *where)
    return transaction.connection.scalar(query) or 0


def read_dead_letters(
    transaction: Transaction, project: Project, *, limit: int
) -> tuple[DeadLetter, ...]:
    """Those of a project, latest first."""
    query = (
        select(tables.delivery)
        .where(
            of_project(tables.delivery, project),
            IS_DEAD_LETTER,
        )
        .order_by(tables.delivery.c.finished_at.desc(), tables.delivery.c.id)
        .limit(limit)
    )
    rows = transaction.connection.execute(query).mappings().all()
    loaded = load_deliveries(transaction, rows)
    return tuple(
        DeadLetter(
            delivery_id=row["id"],
            kind=DeliveryKind(row["kind"]),
            place=place_of(row),
            job_id=JobId(row["job_id"]),
            changes=one.changes,
            reason=row["reason"],
            died_at=row["finished_at"],
            guard=one.facts if isinstance(one, GuardDelivery) else None,
        )
        for row, one in zip(rows, loaded, strict=True)
    )


def redrive_dead_letters(
    transaction: Transaction,
    project: Project,
    delivery_ids: Collection[str],
    *,
    request_key: str = "",
) -> int:
    """Open these again; how many there were."""
    claim_request(transaction, project.team_id, request_key)
    return sum(_redrive(transaction, project, one) for one in sorted(delivery_ids))


def _redrive(transaction: Transaction, project: Project, delivery_id: str) -> bool:
    """Open one again, and with it the members of a group; False if there is none.

    Its intent stays: what may have been sent is looked for first.
    """
    query = (
        select(tables.delivery)
        .where(
            of_project(tables.delivery, project),
            tables.delivery.c.id == delivery_id,
            IS_DEAD_LETTER,
        )
        .with_for_update()
    )
    row = transaction.connection.execute(query).mappings().one_or_none()
    if row is None:
        return False
    again = {"finished_at": None, "reason": ""}
    transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id == delivery_id)
        .values(
            state="open",
            attempts=0,
            failures=0,
            epoch=tables.delivery.c.epoch + 1,
            # Looked for as long as anything else before it is given up again.
            look_from=func.coalesce(tables.delivery.c.look_from, tables.delivery.c.intent_at),
            intent_at=case(
                (tables.delivery.c.intent_at.is_not(None), literal(transaction.now, UtcTime())),
                else_=None,
            ),
            next_at=transaction.now,
            **again,
        )
    )
    transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.group_id == delivery_id)
        .values(state="grouped", **again)
    )
    if row["reason"].startswith(UNCONFIRMED):
        mark_cards(transaction, project, place_of(row), delivery_id)
    return True
