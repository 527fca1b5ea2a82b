"""The changes that waited for a place, and until when its unsure deliveries are awaited."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import RowMapping, and_, or_, select, update

from bot.core.audience import MOST_SINGLE_PER_PLACE, MOST_SINGLE_PER_SUBSCRIPTION
from bot.core.change import StatusChange
from bot.core.delivery import Delivery, DeliveryKind
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, Subscription
from bot.store.database import tables
from bot.store.database.conditions import CHANGE_KEY, columns_equal, of_place, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, change_of, place_of, project_of, subscription_of
from bot.store.delivering import progress
from bot.store.delivering.holding import has_waited, is_held

# A group whose post failed more often than this in a row no longer delays other changes.
_MOST_FAILURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The changes that have waited for one place, by job and in order."""

    changes: Mapping[JobId, Sequence[StatusChange]]
    #: The deliveries of those changes that cannot be in Slack.
    ready: Mapping[JobId, Sequence[RowMapping]]
    #: When the unsure deliveries of the place will be searched for; None if there are none.
    awaited_until: datetime | None

    def ready_of(self, job_ids: Collection[JobId]) -> list[str]:
        """Return the ids of the ready deliveries of these jobs."""
        return [row["id"] for job_id in job_ids for row in self.ready.get(job_id, ())]


def find_waiting(transaction: Transaction, head: RowMapping) -> Waiting:
    """Return what has waited in the place and project of a claimed row, and is held no longer."""
    c = tables.delivery.c
    query = (
        select(tables.delivery)
        .where(
            c.team_id == head["team_id"],
            c.channel_id == head["channel_id"],
            c.project_id == head["project_id"],
            c.state == "open",
            or_(
                c.kind == DeliveryKind.CHANGES.value,
                c.telling != DeliveryMode.CARD.value,
            ),
            c.kind.in_((DeliveryKind.CHANGE.value, DeliveryKind.CHANGES.value)),
            # On PostgreSQL another replica may hold the place between the claim and this query. The
            # claimed row is posted all the same.
            or_(c.id == head["id"], and_(has_waited(transaction.now), ~is_held(transaction.now))),
        )
        .order_by(c.job_id, c.sequence)
    )
    rows = transaction.connection.execute(query).mappings().all()
    singles: dict[JobId, list[RowMapping]] = {}
    for row in rows:
        if row["kind"] == DeliveryKind.CHANGE.value:
            singles.setdefault(row["job_id"], []).append(row)
    ready = {id: list(takewhile(_is_untouched, own)) for id, own in singles.items()}
    return Waiting(
        changes=_changes(transaction, singles),
        ready={id: own for id, own in ready.items() if own},
        awaited_until=_awaited_until(transaction, rows),
    )


def _is_untouched(row: RowMapping) -> bool:
    return not _is_unsure(row)


def _changes(
    transaction: Transaction, singles: Mapping[JobId, Sequence[RowMapping]]
) -> dict[JobId, list[StatusChange]]:
    ids = [row["id"] for own in singles.values() for row in own]
    query = (
        select(tables.change)
        .join(tables.delivery, columns_equal(tables.delivery, tables.change, CHANGE_KEY))
        .where(tables.delivery.c.id.in_(ids))
    )
    found: dict[JobId, list[StatusChange]] = {}
    for row in transaction.connection.execute(query).mappings():
        found.setdefault(row["job_id"], []).append(change_of(row))
    return found


def _awaited_until(transaction: Transaction, rows: Sequence[RowMapping]) -> datetime | None:
    """Return when all unsure deliveries among these will have been searched for; None if there are
    none, or not soon."""
    span = _surely_shown(transaction)
    due = [row["next_at"] or transaction.now for row in rows if _is_awaited(row)]
    # A delivery that was due long ago is delayed for another reason, so it is not awaited.
    awaited = [at for at in due if abs(at - transaction.now) <= span]
    return max([*awaited, transaction.now + transaction.timing.settle]) if awaited else None


def _is_awaited(row: RowMapping) -> bool:
    if row["kind"] == DeliveryKind.CHANGES.value:
        # While a group fails, new changes would fail, too; awaiting it makes one larger group.
        return row["failures"] in range(1, _MOST_FAILURES + 1)
    return _is_unsure(row)


def _is_unsure(row: RowMapping) -> bool:
    is_unsure: bool = row["intent_at"] is not None
    return is_unsure


def _surely_shown(transaction: Transaction) -> timedelta:
    """Return the time after an intent in which Slack surely shows a message that was sent."""
    return transaction.timing.lease + transaction.timing.settle


def wide_subscriptions(
    transaction: Transaction, head: RowMapping, waiting: Waiting
) -> list[Subscription]:
    """Return the place's subscriptions to patterns and to the project; none if the number of
    changes alone decides how they are grouped."""
    count = sum(map(len, waiting.changes.values()))
    if not MOST_SINGLE_PER_SUBSCRIPTION < count <= MOST_SINGLE_PER_PLACE:
        return []
    query = select(tables.subscription).where(
        of_project(tables.subscription, project_of(head)),
        of_place(tables.subscription, place_of(head)),
        tables.subscription.c.target_kind != "job",
        tables.subscription.c.state.in_(LIVE),
    )
    return [subscription_of(row) for row in transaction.connection.execute(query).mappings()]


def postpone(transaction: Transaction, ids: Collection[str], until: datetime) -> None:
    """Make these deliveries due at `until`, to group them with the place's unsure deliveries."""
    transaction.connection.execute(
        update(tables.delivery)
        .where(tables.delivery.c.id.in_(ids))
        .values(lease_until=None, next_at=until)
    )


def record_absent(transaction: Transaction, delivery: Delivery) -> bool:
    """Record that a delivery was not sent, and bring forward the search for the other unsure
    deliveries of its place; False if the lease was lost."""
    is_kept = progress.give_back(transaction, delivery, due_in=timedelta())
    c = tables.delivery.c
    unsure = select(c.id, c.intent_at).where(
        c.team_id == delivery.place.team_id,
        c.channel_id == delivery.place.channel_id,
        c.project_id == delivery.project_id,
        c.state == "open",
        c.intent_at.is_not(None),
        c.lease_until.is_(None),
        c.next_at > transaction.now,
    )
    for row in transaction.connection.execute(unsure).all():
        shown_at = max(transaction.now, row.intent_at + _surely_shown(transaction))
        transaction.connection.execute(
            update(tables.delivery)
            .where(c.id == row.id, c.lease_until.is_(None), c.next_at > shown_at)
            .values(next_at=shown_at)
        )
    return is_kept
