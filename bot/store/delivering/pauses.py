"""Paused places whose people do not know it yet, and the notes that notify them."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, and_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.core.delivery import DeliveryKind
from bot.core.delivery_ids import pause_id
from bot.core.delivery_report import Pause
from bot.core.hold import HoldReason
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Place
from bot.store.database import tables
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, Row, place_of

_IS_PAUSE = and_(
    tables.hold.c.reason == HoldReason.REFUSED.value,
    tables.hold.c.job_id == 0,
    tables.hold.c.until.is_(None),
)


def untold(transaction: Transaction, team_id: str, *, limit: int) -> tuple[Pause, ...]:
    """The pauses of channels that nobody was notified of, the longest first."""
    query = (
        select(tables.hold)
        .where(
            tables.hold.c.team_id == team_id,
            _IS_PAUSE,
            tables.hold.c.told_at.is_(None),
            # Of a paused direct message nobody can be notified by direct message.
            ~tables.hold.c.channel_id.startswith("D"),
        )
        .order_by(tables.hold.c.since, tables.hold.c.channel_id)
        .limit(limit)
    )
    rows = transaction.connection.execute(query).mappings().all()
    return tuple([_pause(transaction, row) for row in rows])


def order_notes(
    transaction: Transaction, project: Project, pause: Pause, told: Sequence[Place]
) -> None:
    """Enqueue one note for each of these direct messages, and never again for this pause."""
    marked = transaction.connection.execute(
        update(tables.hold)
        .where(
            of_place(tables.hold, pause.place),
            _IS_PAUSE,
            tables.hold.c.since == pause.paused_at,
            tables.hold.c.told_at.is_(None),
        )
        .values(told_at=transaction.now)
    )
    if not marked.rowcount or not told:
        return
    rows = [_note(transaction, project, pause, place) for place in told]
    # SQLite reads the same words.
    transaction.connection.execute(upsert(tables.delivery).values(rows).on_conflict_do_nothing())


def reasons(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, str]:
    """Why the channels are paused that these deliveries tell of."""
    about = {row["about"] for row in rows if row["about"]}
    if not about:
        return {}
    query = select(tables.hold.c.channel_id, tables.hold.c.words).where(
        tables.hold.c.team_id == rows[0]["team_id"],
        tables.hold.c.channel_id.in_(about),
        _IS_PAUSE,
    )
    return {row.channel_id: row.words for row in transaction.connection.execute(query)}


def _pause(transaction: Transaction, row: RowMapping) -> Pause:
    query = (
        select(tables.subscription.c.created_by)
        .where(
            of_place(tables.subscription, place_of(row)),
            tables.subscription.c.state.in_(LIVE),
            # A file may name nobody.
            tables.subscription.c.created_by != "",
        )
        .distinct()
        .order_by(tables.subscription.c.created_by)
    )
    people = transaction.connection.execute(query).scalars().all()
    return Pause(place=place_of(row), paused_at=row["since"], people=tuple(people))


def _note(transaction: Transaction, project: Project, pause: Pause, place: Place) -> Row:
    return {
        "id": pause_id(place, pause.place, pause.paused_at),
        "team_id": place.team_id,
        "project_id": project.project_id,
        "channel_id": place.channel_id,
        "job_id": 0,
        "sequence": int(pause.paused_at.timestamp()),
        "kind": DeliveryKind.PLACE_PAUSED.value,
        "telling": DeliveryMode.THREAD.value,
        "state": "open",
        "since": pause.paused_at,
        "about": pause.place.channel_id,
        "created_at": transaction.now,
        "turn_at": transaction.now,
        "next_at": transaction.now,
        "attempts": 0,
        "is_doubtful": False,
        "epoch": 0,
        "reason": "",
        "rescans": 0,
    }
