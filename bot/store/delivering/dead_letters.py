"""Count, list and reopen dead letters."""

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
from bot.store.delivering.lateness import IS_OF_JOB
from bot.store.delivering.loading import load_deliveries
from bot.store.delivering.unconfirmed import mark_cards

#: A group that was given up is one dead letter; its members do not count.
IS_DEAD_LETTER = and_(tables.delivery.c.state == "dead", tables.delivery.c.group_id.is_(None))


def count_dead_letters(transaction: Transaction, *where: ColumnElement[bool]) -> int:
    """Return how many dead letters match these conditions."""
    query = select(func.count()).select_from(tables.delivery).where(IS_DEAD_LETTER, *where)
    return transaction.connection.scalar(query) or 0


def read_dead_letters(
    transaction: Transaction, project: Project, *, limit: int
) -> tuple[DeadLetter, ...]:
    """Return the dead letters of a project, the latest first."""
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
    """Open these dead letters again, and return how many of the ids were dead letters. Raises
    RequestRepeated if the request was handled before."""
    claim_request(transaction, project.team_id, request_key)
    return sum(_redrive(transaction, project, one) for one in sorted(delivery_ids))


def _redrive(transaction: Transaction, project: Project, delivery_id: str) -> bool:
    """Open a dead letter again, with the members of a group; False if there is none.

    An intent stays set, so that the courier searches Slack for the message before it posts.
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
    asked_at = case((IS_OF_JOB, literal(transaction.now, UtcTime())), else_=tables.delivery.c.since)
    again = {"finished_at": None, "reason": "", "since": asked_at}
    transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id == delivery_id)
        .values(
            state="open",
            attempts=0,
            failures=0,
            epoch=tables.delivery.c.epoch + 1,
            # Search from the first intent on; a new `intent_at` restarts the 24 hours of search.
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
