"""Read changes, records and delivery receipts, and count the outbox: the History port over SQL."""

from datetime import datetime

from sqlalchemy import Label, RowMapping, and_, func, or_, select

from bot.core.change import StatusChange
from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeliveryReceipt, DeliveryState, OutboxCounts, Overtaken
from bot.core.hold import TOO_SHORT, HoldReason, explain
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import Place
from bot.core.text import Words
from bot.store.database import tables
from bot.store.database.conditions import CHANGE_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.rows import change_of, hold_of
from bot.store.delivering.dead_letters import (
    count_dead_letters,
    read_dead_letters,
    redrive_dead_letters,
)
from bot.store.delivering.guard_facts import guard_facts
from bot.store.delivering.holding import holds, is_held, is_live, resume
from bot.store.delivering.lateness import oldest_free
from bot.store.delivering.records import jobs_called, read_records, watched_projects
from bot.store.retention import forget_some_before

_MOST_RECEIPTS = 50
_MOST_SHUT = 5


def _changes_since(
    transaction: Transaction, project: Project, *, since: datetime, job_id: JobId | None = None
) -> tuple[StatusChange, ...]:
    c = tables.change.c
    query = (
        select(tables.change)
        .where(of_project(tables.change, project), c.seen_at >= since)
        .order_by(c.seen_at, c.job_id, c.sequence)
    )
    if job_id is not None:
        query = query.where(c.job_id == job_id)
    rows = transaction.connection.execute(query).mappings().all()
    return tuple(map(change_of, rows))


def _counts(transaction: Transaction, project: Project) -> OutboxCounts:
    """Count the open, held and dead deliveries, and return the age of the oldest open one."""
    of_this = of_project(tables.delivery, project)
    c = tables.delivery.c
    query = select(
        func.count().label("open"),
        func.count().filter(is_held(transaction.now, but_for=TOO_SHORT)).label("held"),
        func.min(c.created_at).label("oldest"),
    ).where(of_this, c.state.in_(("open", "grouped")), c.kind != DeliveryKind.CHANGES.value)
    row = transaction.connection.execute(query).one()
    return OutboxCounts(
        open=row.open,
        held=row.held,
        dead=count_dead_letters(transaction, of_this),
        refusal=_refusal(transaction, project) if row.held else "",
        shut=_shut(transaction, project, limit=_MOST_SHUT) if row.held else (),
        oldest_open=None if row.oldest is None else transaction.now - row.oldest,
        oldest_free=oldest_free(transaction, of_this),
    )


def _refusal(transaction: Transaction, project: Project) -> Words:
    """Return why nothing can be posted in the whole workspace; empty if posts are possible."""
    c = tables.hold.c
    query = select(c.words).where(
        c.team_id == project.team_id,
        c.channel_id == "",
        c.reason == HoldReason.FROZEN.value,
        is_live(transaction.now),
    )
    words = transaction.connection.scalar(query)
    return "" if words is None else explain(HoldReason.FROZEN, words)


def _receipts(
    transaction: Transaction, project: Project, place: Place, job_id: JobId
) -> tuple[DeliveryReceipt, ...]:
    """Return the receipts of a job's deliveries to this place, latest first; 50 at the most."""
    group = tables.delivery.alias("grouped_in")
    change = tables.change
    query = (
        select(
            tables.delivery.c.kind,
            tables.delivery.c.about,
            tables.delivery.c.created_at.label("ordered_at"),
            func.coalesce(group.c.state, tables.delivery.c.state).label("reached"),
            func.coalesce(group.c.intent_at, tables.delivery.c.intent_at).label("intent"),
            tables.delivery.c.finished_at,
            tables.delivery.c.reason,
            func.coalesce(tables.delivery.c.group_id, tables.delivery.c.id).label("sent_as"),
            *_longest_hold(transaction),
            change,
        )
        .select_from(
            tables.delivery.outerjoin(group, group.c.id == tables.delivery.c.group_id).outerjoin(
                change,
                and_(
                    columns_equal(change, tables.delivery, CHANGE_KEY),
                    tables.delivery.c.kind == DeliveryKind.CHANGE.value,
                ),
            )
        )
        .where(
            of_project(tables.delivery, project),
            tables.delivery.c.channel_id == place.channel_id,
            tables.delivery.c.job_id == job_id,
            tables.delivery.c.kind.in_(("card", "change", "guard")),
            or_(
                tables.delivery.c.state != "withdrawn",
                tables.delivery.c.reason.in_([why.value for why in Overtaken]),
            ),
        )
        .order_by(tables.delivery.c.sequence.desc())
        .limit(_MOST_RECEIPTS)
    )
    rows = transaction.connection.execute(query).mappings().all()
    return tuple(map(_receipt, rows))


def _places_of(transaction: Transaction, project: Project, job_id: JobId) -> tuple[Place, ...]:
    """Return the places to which a delivery of a job went or will go."""
    c = tables.delivery.c
    query = (
        select(c.channel_id)
        .where(of_project(tables.delivery, project), c.job_id == job_id, c.kind != "place paused")
        .distinct()
        .order_by(c.channel_id)
    )
    channels = transaction.connection.scalars(query)
    return tuple(Place(team_id=project.team_id, channel_id=one) for one in channels)


def _shut(transaction: Transaction, project: Project, *, limit: int) -> tuple[str, ...]:
    """Return the channels whose deliveries wait until Slack lets us post; no direct messages."""
    c = tables.delivery.c
    others = frozenset(HoldReason) - {HoldReason.REFUSED}
    query = (
        select(c.channel_id)
        .where(
            of_project(tables.delivery, project),
            c.state.in_(("open", "grouped")),
            c.channel_id.not_like("D%"),
            is_held(transaction.now, but_for=others),
        )
        .distinct()
        .order_by(c.channel_id)
        .limit(limit)
    )
    return tuple(transaction.connection.scalars(query))


def _reopen(transaction: Transaction, project: Project, *, limit: int) -> tuple[str, ...]:
    """Release the refusals of channels in which deliveries wait, and return those channels."""
    channels = _shut(transaction, project, limit=limit)
    for channel_id in channels:
        resume(transaction, Place(team_id=project.team_id, channel_id=channel_id))
    return channels


def _longest_hold(transaction: Transaction) -> list[Label[object]]:
    """Return the columns of the hold that keeps a delivery longest, pacing apart; null if none."""
    until = tables.hold.c.until
    longest = (
        select(tables.hold)
        .where(holds(transaction.now, but_for=TOO_SHORT))
        .order_by(until.is_(None).desc(), until.desc(), tables.hold.c.reason)
        .limit(1)
        .correlate(tables.delivery)
    )
    return [
        longest.with_only_columns(column).scalar_subquery().label(f"hold_{column.name}")
        for column in tables.hold.c
    ]


def _receipt(row: RowMapping) -> DeliveryReceipt:
    state = _STATES.get(row["reached"], DeliveryState.WAITING)
    is_sent = state is DeliveryState.SENT
    reason, hold = "" if is_sent else row["reason"], None
    if state is DeliveryState.WAITING and row["hold_reason"] is not None:
        hold = hold_of({name: row[f"hold_{name}"] for name in _HOLD_COLUMNS})
        state, reason = DeliveryState.HELD, explain(hold.reason, hold.words)
    elif state is DeliveryState.WAITING and row["intent"] is not None:
        state = DeliveryState.UNSURE
    return DeliveryReceipt(
        kind=DeliveryKind(row["kind"]),
        state=state,
        change=None if row["sequence"] is None else change_of(row),
        sent_at=row["finished_at"] if is_sent else None,
        reason=reason,
        hold=hold,
        held_by=HoldReason(row["reason"]) if is_sent and row["reason"] else None,
        delivery_id=row["sent_as"],
        guard=guard_facts(row) if row["kind"] == DeliveryKind.GUARD.value else None,
        ordered_at=row["ordered_at"],
    )


_HOLD_COLUMNS = [column.name for column in tables.hold.c]
_STATES = {
    "sent": DeliveryState.SENT,
    "dead": DeliveryState.DEAD,
    "withdrawn": DeliveryState.OVERTAKEN,
}


class SqlHistory(SqlPort):
    """The History port over SQL, and what the operator counts."""

    changes_since = reading(_changes_since)
    records = reading(read_records)
    jobs_called = reading(jobs_called)
    watched_projects = reading(watched_projects)
    places_of = reading(_places_of)
    deliveries_of = reading(_receipts)
    counts = reading(_counts)
    dead_letters = reading(read_dead_letters)
    count_dead_letters = reading(count_dead_letters)
    redrive = writing(redrive_dead_letters)
    reopen = writing(_reopen)
    forget_some_before = writing(forget_some_before)
