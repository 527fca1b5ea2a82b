"""The cards in place: which show less than is known, and what their edits settle."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, or_, select, update

from bot.core.delivery import CardEdit, Delivery, DeliveryKind, MessageRef, card_id
from bot.core.subscription import Place
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.database.tables import card, delivery, gate, place
from bot.store.delivering.loading import load_edits


async def claim(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    *,
    limit: int,
    lease: timedelta,
    only: MessageRef | None = None,
) -> tuple[CardEdit, ...]:
    """Lease cards that show less than is known, where Slack can be asked to edit them."""
    at = and_(card.c.team_id == team_id, card.c.project_id == project_id)
    if only is not None:
        at = and_(at, card.c.channel_id == only.channel_id, card.c.ts == only.ts)
    behind = _behind(transaction).where(at).limit(limit)
    keys = (await transaction.connection.execute(behind)).all()
    if not keys:
        return ()
    claimed = await transaction.connection.execute(
        update(card)
        .where(
            at,
            or_(
                *(
                    and_(card.c.job_id == key.job_id, card.c.channel_id == key.channel_id)
                    for key in keys
                )
            ),
        )
        .values(claimed=card.c.wanted, epoch=card.c.epoch + 1, lease_until=transaction.now + lease)
        .returning(*card.c)
    )
    return await load_edits(transaction, claimed.mappings().all())


def _behind(transaction: Transaction) -> Select[tuple[int, str]]:
    return (
        select(card.c.job_id, card.c.channel_id)
        .where(
            card.c.wanted > card.c.shown,
            card.c.next_at <= transaction.now,
            card.c.ts.is_not(None),
            card.c.is_followed,
            or_(card.c.lease_until.is_(None), card.c.lease_until <= transaction.now),
            ~_is_shut(transaction),
        )
        .order_by(card.c.next_at, card.c.job_id, card.c.channel_id)
        .with_for_update(skip_locked=True, of=card)
    )


async def record(transaction: Transaction, edit: CardEdit) -> bool:
    """The card shows what was known at the claim; what it alone tells is told."""
    is_kept = await _write(transaction, edit, {"shown": card.c.claimed, "lease_until": None})
    if is_kept and edit.change is not None:
        await _settle(
            transaction, edit.place, edit.project_id, edit.change.sequence, edit.job.id, edit.card
        )
    return is_kept


async def postpone(transaction: Transaction, edit: CardEdit, due_in: timedelta) -> bool:
    """Try again later."""
    due = transaction.now + due_in
    return await _write(transaction, edit, {"next_at": due, "lease_until": None})


async def forget(transaction: Transaction, edit: CardEdit) -> bool:
    """The message is gone: the card's delivery opens again, before the job's open changes."""
    if not await _write(transaction, edit, {"ts": None, "shown": 0, "lease_until": None}):
        return False
    await transaction.connection.execute(
        update(delivery)
        .where(delivery.c.id == card_id(edit.place, edit.project_id, edit.job.id))
        .values(
            state="open",
            epoch=delivery.c.epoch + 1,
            intent_at=None,
            look_from=None,
            thread_ts=None,
            lease_until=None,
            attempts=0,
            failures=0,
            ts=None,
            finished_at=None,
            rescan_at=None,
            is_doubtful=False,
            created_at=transaction.now,
            turn_at=transaction.now,
            next_at=transaction.now,
        )
    )
    return True


async def mark_carried(transaction: Transaction, rows: Sequence[RowMapping]) -> None:
    """Remember what the claimed deliveries of cards will show."""
    for row in rows:
        if row["kind"] == DeliveryKind.CARD.value:
            await transaction.connection.execute(
                update(card).where(_card_of(row)).values(claimed=card.c.wanted)
            )


async def place_card(transaction: Transaction, claimed: Delivery, message: MessageRef) -> None:
    """The card is posted. One found from an earlier attempt may show less: it is edited."""
    is_found = claimed.intent_at is not None
    await transaction.connection.execute(
        update(card)
        .where(
            card.c.team_id == claimed.place.team_id,
            card.c.project_id == claimed.project_id,
            card.c.job_id == claimed.job_id,
            card.c.channel_id == claimed.place.channel_id,
        )
        .values(ts=message.ts, shown=card.c.claimed - 1 if is_found else card.c.claimed)
    )
    if claimed.changes and not is_found:
        [latest] = claimed.changes
        await _settle(
            transaction,
            claimed.place,
            claimed.project_id,
            latest.sequence,
            claimed.job_id,
            message,
        )


async def _settle(
    transaction: Transaction,
    where: Place,
    project_id: str,
    sequence: int,
    job_id: int,
    message: MessageRef,
) -> None:
    await transaction.connection.execute(
        update(delivery)
        .where(
            delivery.c.team_id == where.team_id,
            delivery.c.project_id == project_id,
            delivery.c.channel_id == where.channel_id,
            delivery.c.job_id == job_id,
            delivery.c.state == "open",
            delivery.c.kind == "change",
            delivery.c.telling == "card",
            delivery.c.sequence <= sequence,
        )
        .values(state="sent", ts=message.ts, finished_at=transaction.now)
    )


async def _write(transaction: Transaction, edit: CardEdit, values: Row) -> bool:
    written = await transaction.connection.execute(
        update(card)
        .where(
            card.c.team_id == edit.place.team_id,
            card.c.project_id == edit.project_id,
            card.c.job_id == edit.job.id,
            card.c.channel_id == edit.place.channel_id,
            card.c.epoch == edit.epoch,
            card.c.lease_until.is_not(None),
        )
        .values(**values)
    )
    return written.rowcount > 0


def _card_of(row: RowMapping) -> ColumnElement[bool]:
    names = ("team_id", "project_id", "job_id", "channel_id")
    return and_(*(card.c[name] == row[name] for name in names))


def _is_shut(transaction: Transaction) -> ColumnElement[bool]:
    return or_(
        exists().where(
            place.c.team_id == card.c.team_id,
            place.c.channel_id == card.c.channel_id,
            place.c.paused_at.is_not(None),
        ),
        exists().where(
            gate.c.team_id == card.c.team_id,
            gate.c.channel_id.in_(("", card.c.channel_id)),
            gate.c.until > transaction.now,
        ),
    )
