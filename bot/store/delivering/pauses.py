"""The pauses of which nobody was notified yet, and the notes that notify people of them."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, and_, select, update

from bot.core.delivery_report import Pause
from bot.core.hold import HoldReason
from bot.core.project import Project
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, place_of
from bot.store.delivering.enqueue import enqueue_pause_notes

_IS_PAUSE = and_(
    tables.hold.c.reason == HoldReason.REFUSED.value,
    tables.hold.c.job_id == 0,
    tables.hold.c.until.is_(None),
)


def unannounced(transaction: Transaction, team_id: str, *, limit: int) -> tuple[Pause, ...]:
    """Return the pauses of channels that nobody was notified of, the longest first."""
    query = (
        select(tables.hold)
        .where(
            tables.hold.c.team_id == team_id,
            _IS_PAUSE,
            tables.hold.c.told_at.is_(None),
            # These notes are direct messages, so they cannot report a paused direct message.
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
    """Enqueue one note for each of these direct messages, but only once for each pause."""
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
    if marked.rowcount:
        enqueue_pause_notes(transaction, project, pause, told)


def reasons(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, str]:
    """Return, by channel id, why the channels are paused that these deliveries report."""
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
            # A subscription that was applied from a file may have no author.
            tables.subscription.c.created_by != "",
        )
        .distinct()
        .order_by(tables.subscription.c.created_by)
    )
    people = transaction.connection.execute(query).scalars().all()
    return Pause(place=place_of(row), paused_at=row["since"], people=tuple(people))
