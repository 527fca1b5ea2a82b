"""The requests that caused stops and restarts; an edit of the message names who made them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, or_, select

from bot.core.acting import RequestedAction
from bot.core.change import StatusChange
from bot.core.change_cause import CLOCKS_DIFFER_BY, SHOWS_WITHIN, action_of, cause_of
from bot.core.delivery import ChangeDelivery, Delivery, DeliveryKind, GroupMember
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.delivering.enqueue import refresh_cards
from bot.store.delivering.job_care import MAY_HAVE_ACTED, asked_of


def requested_actions(
    transaction: Transaction,
    project: Project,
    rows: Sequence[RowMapping],
    members: Mapping[str, tuple[GroupMember, ...]],
) -> Mapping[str, RequestedAction]:
    """Return the request that caused the change of each delivery, by the delivery's id."""
    changes = {
        row["id"]: member.change
        for row in rows
        if row["kind"] == DeliveryKind.CHANGE.value
        for member in members.get(row["id"], ())
        if action_of(member.change.step)
    }
    if not changes:
        return {}
    asked = _requested(transaction, project, list(changes.values()))
    causes = {id: cause_of(change, asked[change.job.id]) for id, change in changes.items()}
    return {id: cause for id, cause in causes.items() if cause}


def _requested(
    transaction: Transaction, project: Project, changes: Sequence[StatusChange]
) -> Mapping[int, Sequence[RequestedAction]]:
    c = tables.action.c
    query = select(tables.action).where(
        of_project(tables.action, project),
        c.job_id.in_({change.job.id for change in changes}),
        c.asked_at >= min(change.seen_at for change in changes) - SHOWS_WITHIN,
        c.asked_at <= max(change.seen_at for change in changes) + CLOCKS_DIFFER_BY,
        or_(c.outcome.is_(None), c.outcome.in_(MAY_HAVE_ACTED)),
    )
    found: dict[int, list[RequestedAction]] = defaultdict(list)
    for row in transaction.connection.execute(query).mappings():
        found[row["job_id"]].append(asked_of(row))
    return found


def edit_with_requester(transaction: Transaction, delivery: Delivery) -> None:
    """Redraw the card of a change that somebody asked for. The change's message is edited with the
    card and then names the person; a mention in a new message would notify them."""
    if isinstance(delivery, ChangeDelivery) and delivery.asked:
        refresh_cards(transaction, delivery.project, [delivery.job_id], place=delivery.place)
