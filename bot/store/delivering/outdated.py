"""Posted messages whose buttons are outdated, to be edited together with their card."""

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

# If a message was outdated for longer than this at the job's last read, an earlier edit mended it.
_LATELY = timedelta(hours=12)
_REVIVED_WITHIN = timedelta(hours=REVIVAL_HOURS)
# One job posts a message in a place at each hour mark and each end, so few are younger than this.
_POSTED_WITHIN = timedelta(days=30)
_AT_MOST = 100


def with_outdated(transaction: Transaction, edits: Sequence[CardEdit]) -> tuple[CardEdit, ...]:
    """Add to these edits of one project the outdated messages: reminders of runs and waits that
    are over, ends after which the place follows the job again, and stops and restarts that do not
    name yet who asked for them."""
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
    # Both times are by the clock of a process that reads the cloud.
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
    if not isinstance(delivery, ChangeDelivery):
        return False
    if _is_unsigned(delivery, edit):
        return True
    if not delivery.change.step.ends:
        return False
    ended_at = delivery.change.seen_at
    # If a person subscribed again, the message was edited then.
    is_revived = delivery.is_followed and (resumed_at is None or resumed_at <= ended_at)
    is_going = edit.shown.job.status.phase not in ENDED_PHASES
    return is_revived and is_going and _is_within(_REVIVED_WITHIN, ended_at, edit)


def _is_unsigned(delivery: ChangeDelivery, edit: CardEdit) -> bool:
    """Return True if the message may lack the name of the person who asked for the change. One
    with an offer stays as it is: somebody may have answered that."""
    is_latest = edit.shown.change is not None and edit.shown.change == delivery.change
    has_offer = delivery.offers_quiet or delivery.offers_digest
    return delivery.asked is not None and is_latest and not has_offer


def _resumed_by_hand(
    transaction: Transaction, project: Project, keys: Collection[Key]
) -> dict[Key, datetime]:
    """Return, by channel and job, when the place subscribed to that job alone."""
    c = tables.subscription.c
    query = select(c.channel_id, c.job_id, c.created_at).where(
        of_project(tables.subscription, project),
        c.channel_id.in_({channel_id for channel_id, _ in keys}),
        c.job_id.in_({job_id for _, job_id in keys}),
        c.state.in_(LIVE),
    )
    rows = transaction.connection.execute(query)
    return {(row.channel_id, row.job_id): row.created_at for row in rows}
