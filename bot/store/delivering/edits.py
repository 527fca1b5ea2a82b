"""Lease the edits of cards, and record their results."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, RowMapping, Select, and_, or_, select, update

from bot.core.card_edit import CardEdit
from bot.core.delivery import CardDelivery, DeliveryKind, MessageRef
from bot.core.delivery_ids import card_id
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, NOW, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.delivering.holding import is_card_held
from bot.store.delivering.loading import load_edits
from bot.store.delivering.outdated import with_outdated


def claim(
    transaction: Transaction,
    project: Project,
    *,
    limit: int,
    only: MessageRef | None = None,
) -> tuple[CardEdit, ...]:
    """Lease the cards that are outdated and not held; `only` restricts the claim to one message."""
    at = of_project(tables.card, project)
    if only is not None:
        at = and_(at, tables.card.c.channel_id == only.channel_id, tables.card.c.ts == only.ts)
    behind = _behind().where(at).limit(limit)
    keys = transaction.connection.execute(behind, {"now": transaction.now}).all()
    if not keys:
        return ()
    claimed = transaction.connection.execute(
        update(tables.card)
        .where(
            at,
            or_(
                *(
                    and_(
                        tables.card.c.job_id == key.job_id,
                        tables.card.c.channel_id == key.channel_id,
                    )
                    for key in keys
                )
            ),
        )
        .values(
            claimed=tables.card.c.wanted,
            epoch=tables.card.c.epoch + 1,
            lease_until=transaction.now + transaction.timing.lease,
        )
        .returning(*tables.card.c)
    )
    return with_outdated(transaction, load_edits(transaction, claimed.mappings().all()))


@cache
def _behind() -> Select[tuple[int, str]]:
    return (
        select(tables.card.c.job_id, tables.card.c.channel_id)
        .where(
            tables.card.c.wanted > tables.card.c.shown,
            tables.card.c.next_at <= NOW,
            tables.card.c.ts.is_not(None),
            or_(tables.card.c.is_followed, tables.card.c.unfollowed_at.is_not(None)),
            or_(tables.card.c.lease_until.is_(None), tables.card.c.lease_until <= NOW),
            ~is_card_held(NOW),
        )
        .order_by(tables.card.c.next_at, tables.card.c.job_id, tables.card.c.channel_id)
        .with_for_update(skip_locked=True, of=tables.card)
    )


def record(transaction: Transaction, edit: CardEdit) -> bool:
    """Record that a card was edited, and mark as sent the changes that only the card delivers.
    False if the lease was lost."""
    is_kept = _write(transaction, edit, {"shown": tables.card.c.claimed, "lease_until": None})
    if is_kept and edit.shown.change is not None:
        _settle(transaction, edit.project, edit.shown.job.id, edit.shown.change.sequence, edit.card)
    return is_kept


def postpone(transaction: Transaction, edit: CardEdit, *, due_in: timedelta) -> bool:
    """Give the card back, due again after `due_in`; False if the lease was lost."""
    due = transaction.now + due_in
    return _write(transaction, edit, {"next_at": due, "lease_until": None})


def forget(transaction: Transaction, edit: CardEdit) -> bool:
    """Reopen the delivery of a card whose message is gone; withdraw it while the place does not
    follow the job. False if the lease was lost."""
    if not _write(transaction, edit, {"ts": None, "shown": 0, "lease_until": None}):
        return False
    is_followed = transaction.connection.scalar(select(tables.card.c.is_followed).where(_is(edit)))
    transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id == card_id(edit.place, edit.project_id, edit.shown.job.id))
        .values(
            state="open" if is_followed else "withdrawn",
            epoch=tables.delivery.c.epoch + 1,
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


def mark_carried(transaction: Transaction, rows: Sequence[RowMapping]) -> None:
    """Record which state of its card each of these claimed deliveries will show."""
    for row in rows:
        if row["kind"] == DeliveryKind.CARD.value:
            transaction.connection.execute(
                update(tables.card).where(_card_of(row)).values(claimed=tables.card.c.wanted)
            )


def place_card(transaction: Transaction, claimed: CardDelivery, message: MessageRef) -> None:
    """Record the message of a posted card. A message found from an earlier attempt may be
    outdated, so it is left to be edited."""
    is_found = claimed.intent_at is not None
    transaction.connection.execute(
        update(tables.card)
        .where(
            of_project(tables.card, claimed.project),
            tables.card.c.job_id == claimed.job_id,
            tables.card.c.channel_id == claimed.place.channel_id,
        )
        .values(
            ts=message.ts, shown=tables.card.c.claimed - 1 if is_found else tables.card.c.claimed
        )
    )
    if claimed.shown.change is not None and not is_found:
        sequence = claimed.shown.change.sequence
        _settle(transaction, claimed.project, claimed.job_id, sequence, message)


def _settle(
    transaction: Transaction, project: Project, job_id: int, sequence: int, message: MessageRef
) -> None:
    """Mark as sent the changes up to `sequence` that only the card delivers."""
    transaction.connection.execute(
        update(tables.delivery)
        .where(
            of_project(tables.delivery, project),
            tables.delivery.c.channel_id == message.channel_id,
            tables.delivery.c.job_id == job_id,
            tables.delivery.c.state == "open",
            tables.delivery.c.kind == "change",
            tables.delivery.c.telling == "card",
            tables.delivery.c.sequence <= sequence,
        )
        .values(state="sent", ts=message.ts, finished_at=transaction.now)
    )


def _write(transaction: Transaction, edit: CardEdit, values: Row) -> bool:
    written = transaction.connection.execute(
        update(tables.card)
        .where(_is(edit), tables.card.c.epoch == edit.epoch, tables.card.c.lease_until.is_not(None))
        .values(**values)
    )
    return written.rowcount > 0


def _is(edit: CardEdit) -> ColumnElement[bool]:
    return and_(
        of_project(tables.card, edit.project),
        tables.card.c.job_id == edit.shown.job.id,
        tables.card.c.channel_id == edit.place.channel_id,
    )


def _card_of(row: RowMapping) -> ColumnElement[bool]:
    return and_(*(tables.card.c[name] == row[name] for name in CARD_KEY))
