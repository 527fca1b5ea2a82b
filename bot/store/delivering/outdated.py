"""Posted messages whose buttons offer what is over: they are edited together with their card."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.core.card_edit import CardEdit
from bot.core.delivery import ChangeDelivery, Delivery, DeliveryKind, GuardDelivery, Posted
from bot.core.job import ENDED_PHASES
from bot.core.project import Project
from bot.core.subscription import REVIVAL_HOURS
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE
from bot.store.delivering.card_contents import Key
from bot.store.delivering.posted import load_posted, messages

# What had been over for longer when the job was last read was edited then.
_LATELY = timedelta(hours=12)
_REVIVED_WITHIN = timedelta(hours=REVIVAL_HOURS)
# Each hour mark and each end has a message: of one job in one place few are younger than that.
_POSTED_WITHIN = timedelta(days=30)
_AT_MOST = 100


def with_outdated(transaction: Transaction, edits: Sequence[CardEdit]) -> tuple[CardEdit, ...]:
    """Add to edits of one project: reminders of what has come to an end, and ends after which the
    place follows the job again."""
    moved = [edit for edit in edits if _has_moved(edit)]
    if not moved:
        return tuple(edits)
    found = _found(transaction, moved[0].project, {_key(edit): edit for edit in moved})
    return tuple(replace(edit, outdated=found.get(_key(edit), ())) for edit in edits)


def _key(edit: CardEdit) -> Key:
    return edit.place.channel_id, edit.shown.job.id


def _has_moved(edit: CardEdit) -> bool:
    return edit.shown.change is not None and _is_within(_LATELY, edit.shown.change.seen_at, edit)


def _is_within(span: timedelta, seen_at: datetime, edit: CardEdit) -> bool:
    # Both by the clock of whoever reads the cloud.
    return edit.shown.job.read_at - seen_at <= span


def _found(
    transaction: Transaction, project: Project, edits: Mapping[Key, CardEdit]
) -> dict[Key, tuple[Posted, ...]]:
    c = tables.delivery.c
    query = (
        messages(project, (DeliveryKind.GUARD, DeliveryKind.CHANGE))
        .where(
            c.channel_id.in_({channel_id for channel_id, _ in edits}),
            c.job_id.in_({job_id for _, job_id in edits}),
            c.finished_at > transaction.now - _POSTED_WITHIN,
        )
        .order_by(c.finished_at.desc())
        .limit(_AT_MOST)
    )
    resumed = _resumed_by_hand(transaction, project, edits)
    found: dict[Key, tuple[Posted, ...]] = {}
    for delivery, message in load_posted(transaction, query):
        key = message.channel_id, delivery.job_id
        edit = edits.get(key)
        if edit and _is_outdated(delivery, edit, resumed.get(key)):
            found[key] = (*found.get(key, ()), (delivery, message))
    return found


def _is_outdated(delivery: Delivery, edit: CardEdit, resumed_at: datetime | None) -> bool:
    if isinstance(delivery, GuardDelivery):
        return delivery.over_at is not None and _is_within(_LATELY, delivery.over_at, edit)
    if not isinstance(delivery, ChangeDelivery) or not delivery.change.step.ends:
        return False
    ended_at = delivery.change.seen_at
    # By whom it was resumed by hand, its message says already.
    is_revived = delivery.is_followed and (resumed_at is None or resumed_at <= ended_at)
    is_going = edit.shown.job.status.phase not in ENDED_PHASES
    return is_revived and is_going and _is_within(_REVIVED_WITHIN, ended_at, edit)


def _resumed_by_hand(
    transaction: Transaction, project: Project, keys: Collection[Key]
) -> dict[Key, datetime]:
    """When each place subscribed last to each of these jobs alone."""
    c = tables.subscription.c
    query = select(c.channel_id, c.job_id, c.created_at).where(
        of_project(tables.subscription, project),
        c.channel_id.in_({channel_id for channel_id, _ in keys}),
        c.job_id.in_({job_id for _, job_id in keys}),
        c.state.in_(LIVE),
    )
    rows = transaction.connection.execute(query)
    return {(row.channel_id, row.job_id): row.created_at for row in rows}
