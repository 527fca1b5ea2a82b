"""What was never sent: listed, counted, and driven again by a person."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal, select, update

from bot.core.delivery import UNCONFIRMED, DeadLetter, DeliveryKind
from bot.core.job import JobId
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.rows import place_of
from bot.store.database.tables import delivery
from bot.store.delivering.holding import due_at
from bot.store.delivering.loading import load_deliveries
from bot.store.delivering.unconfirmed import mark_cards

_AT_ONCE = timedelta(0)

#: Of a group only the group itself is a letter.
IS_LETTER = and_(delivery.c.state == "dead", delivery.c.group_id.is_(None))


async def count(transaction: Transaction, *where: ColumnElement[bool]) -> int:
    """How many there are."""
    query = select(func.count()).select_from(delivery).where(IS_LETTER, *where)
    return await transaction.connection.scalar(query) or 0


async def read(
    transaction: Transaction, team_id: str, project_id: str, *, limit: int
) -> tuple[DeadLetter, ...]:
    """Those of a project, latest first."""
    query = (
        select(delivery)
        .where(delivery.c.team_id == team_id, delivery.c.project_id == project_id, IS_LETTER)
        .order_by(delivery.c.finished_at.desc(), delivery.c.id)
        .limit(limit)
    )
    rows = (await transaction.connection.execute(query)).mappings().all()
    loaded = await load_deliveries(transaction, rows)
    return tuple(
        DeadLetter(
            delivery_id=row["id"],
            kind=DeliveryKind(row["kind"]),
            place=place_of(row),
            job_id=JobId(row["job_id"]),
            changes=one.changes,
            reason=row["reason"],
            died_at=row["finished_at"],
        )
        for row, one in zip(rows, loaded, strict=True)
    )


async def redrive(transaction: Transaction, team_id: str, project_id: str, id: str) -> bool:
    """Open one again, and with it the members of a group; False if there is no such letter.

    Its intent stays: what may have been sent is looked for first.
    """
    query = (
        select(delivery)
        .where(
            delivery.c.team_id == team_id,
            delivery.c.project_id == project_id,
            delivery.c.id == id,
            IS_LETTER,
        )
        .with_for_update()
    )
    row = (await transaction.connection.execute(query)).mappings().one_or_none()
    if row is None:
        return False
    again = {"finished_at": None, "reason": ""}
    await transaction.connection.execute(
        update(delivery)
        .where(delivery.c.id == id)
        .values(
            state="open",
            attempts=0,
            failures=0,
            epoch=delivery.c.epoch + 1,
            # Looked for as long as anything else before it is given up again.
            look_from=func.coalesce(delivery.c.look_from, delivery.c.intent_at),
            intent_at=case(
                (delivery.c.intent_at.is_not(None), literal(transaction.now, UtcTime())), else_=None
            ),
            next_at=await due_at(transaction, place_of(row), _AT_ONCE),
            **again,
        )
    )
    await transaction.connection.execute(
        update(delivery).where(delivery.c.group_id == id).values(state="grouped", **again)
    )
    if row["reason"].startswith(UNCONFIRMED):
        await mark_cards(transaction, place_of(row), project_id, id)
    return True
