"""What was seen and what became of it: the History port, and what the operator counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, Select, and_, delete, exists, func, select

from bot.core.change import StatusChange
from bot.core.delivery import (
    DeadLetter,
    DeliveryKind,
    DeliveryReceipt,
    DeliveryState,
    OutboxCounts,
)
from bot.core.job import JobId
from bot.core.subscription import Place
from bot.store.database.database import Database, Transaction
from bot.store.database.rows import change_of
from bot.store.database.tables import audit, delivery, inbox, place
from bot.store.database.tables import change as changes_table
from bot.store.delivering import dead_letters

_MOST_RECEIPTS = 50


class SqlHistory:
    """What the store knows of one project's past; raises StoreUnavailable."""

    def __init__(self, database: Database, *, project_id: str) -> None:
        self._database = database
        self._project_id = project_id

    async def changes_since(
        self, team_id: str, *, since: datetime, job_id: JobId | None = None
    ) -> tuple[StatusChange, ...]:
        """The changes seen since then, of one job or of all, oldest first."""
        query = (
            select(changes_table)
            .where(
                changes_table.c.team_id == team_id,
                changes_table.c.project_id == self._project_id,
                changes_table.c.seen_at >= since,
            )
            .order_by(changes_table.c.seen_at, changes_table.c.job_id, changes_table.c.sequence)
        )
        if job_id is not None:
            query = query.where(changes_table.c.job_id == job_id)
        rows = await self._read(query)
        return tuple(map(change_of, rows))

    async def deliveries_of(self, place: Place, job_id: JobId) -> tuple[DeliveryReceipt, ...]:
        """What this place was told of a job, or will be, latest first; 50 at the most."""

        async def read(transaction: Transaction) -> tuple[DeliveryReceipt, ...]:
            return await _receipts(transaction, place, self._project_id, job_id)

        return await self._database.read(read)

    async def counts(self, team_id: str) -> OutboxCounts:
        """How many deliveries are open, held and dead, and how old the oldest open one is."""
        at = and_(delivery.c.team_id == team_id, delivery.c.project_id == self._project_id)
        is_open = delivery.c.state.in_(("open", "grouped"))
        query = select(
            func.count().label("open"),
            func.count().filter(delivery.c.next_at.is_(None)).label("held"),
            func.min(delivery.c.created_at).label("oldest"),
        ).where(at, is_open, delivery.c.kind != DeliveryKind.CHANGES.value)

        async def read(transaction: Transaction) -> OutboxCounts:
            row = (await transaction.connection.execute(query)).one()
            return OutboxCounts(
                open=row.open,
                held=row.held,
                dead=await dead_letters.count(transaction, at),
                oldest_open=None if row.oldest is None else transaction.now - row.oldest,
            )

        return await self._database.read(read)

    async def dead_letters(self, team_id: str, *, limit: int) -> tuple[DeadLetter, ...]:
        """What was never sent, latest first; a group counts as one."""
        return await self._database.read(
            lambda tx: dead_letters.read(tx, team_id, self._project_id, limit=limit)
        )

    async def count_dead_letters(self) -> int:
        """How many there are in the whole database."""
        return await self._database.read(dead_letters.count)

    async def redrive(self, team_id: str, delivery_id: str) -> bool:
        """Let a dead letter be tried again; what may have been sent is looked for first."""
        return await self._database.write(
            lambda tx: dead_letters.redrive(tx, team_id, self._project_id, delivery_id)
        )

    async def forget_before(self, moment: datetime) -> None:
        """Drop history, ended deliveries and audit older than this, of every workspace."""

        async def write(transaction: Transaction) -> None:
            await _forget(transaction, moment)

        await self._database.write(write)

    async def _read(self, query: Select[tuple[object, ...]]) -> Sequence[RowMapping]:
        async def read(transaction: Transaction) -> Sequence[RowMapping]:
            return (await transaction.connection.execute(query)).mappings().all()

        return await self._database.read(read)


_CHANGE_KEY = ("team_id", "project_id", "job_id", "sequence")


async def _receipts(
    transaction: Transaction, where: Place, project_id: str, job_id: JobId
) -> tuple[DeliveryReceipt, ...]:
    group = delivery.alias("grouped_in")
    told = changes_table
    query = (
        select(
            delivery.c.kind,
            func.coalesce(group.c.state, delivery.c.state).label("reached"),
            func.coalesce(group.c.next_at, delivery.c.next_at).label("due"),
            func.coalesce(group.c.intent_at, delivery.c.intent_at).label("intent"),
            delivery.c.finished_at,
            delivery.c.reason,
            func.coalesce(delivery.c.group_id, delivery.c.id).label("letter"),
            place.c.reason.label("pause"),
            told,
        )
        .select_from(
            delivery.outerjoin(group, group.c.id == delivery.c.group_id)
            .outerjoin(
                told,
                and_(*(told.c[name] == delivery.c[name] for name in _CHANGE_KEY)),
            )
            .outerjoin(
                place,
                and_(
                    place.c.team_id == delivery.c.team_id,
                    place.c.channel_id == delivery.c.channel_id,
                ),
            )
        )
        .where(
            delivery.c.team_id == where.team_id,
            delivery.c.project_id == project_id,
            delivery.c.channel_id == where.channel_id,
            delivery.c.job_id == job_id,
            delivery.c.kind.in_(("card", "change")),
            delivery.c.state != "withdrawn",
        )
        .order_by(delivery.c.sequence.desc())
        .limit(_MOST_RECEIPTS)
    )
    rows = (await transaction.connection.execute(query)).mappings().all()
    return tuple(map(_receipt, rows))


def _receipt(row: RowMapping) -> DeliveryReceipt:
    state = _STATES.get(row["reached"], DeliveryState.WAITING)
    if state is DeliveryState.WAITING and row["due"] is None:
        state = DeliveryState.HELD
    elif state is DeliveryState.WAITING and row["intent"] is not None:
        state = DeliveryState.UNSURE
    return DeliveryReceipt(
        kind=DeliveryKind(row["kind"]),
        state=state,
        change=None if row["sequence"] is None else change_of(row),
        sent_at=row["finished_at"] if state is DeliveryState.SENT else None,
        reason=(row["pause"] or "") if state is DeliveryState.HELD else row["reason"],
        delivery_id=row["letter"],
    )


_STATES = {"sent": DeliveryState.SENT, "dead": DeliveryState.DEAD}


async def _forget(transaction: Transaction, moment: datetime) -> None:
    connection = transaction.connection
    # The delivery of a card stays: a card whose message is gone is ordered through it.
    await connection.execute(
        delete(delivery).where(delivery.c.finished_at < moment, delivery.c.kind != "card")
    )
    is_needed = exists().where(
        *(
            delivery.c[name] == changes_table.c[name]
            for name in ("team_id", "project_id", "job_id", "sequence")
        )
    )
    await connection.execute(
        delete(changes_table).where(changes_table.c.seen_at < moment, ~is_needed)
    )
    await connection.execute(delete(inbox).where(inbox.c.seen_at < moment))
    await connection.execute(delete(audit).where(audit.c.at < moment))
