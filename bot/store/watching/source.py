"""Notify places once when the cloud is lost, and once when it is back."""

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select, update

from bot.core.delivery import DeliveryKind
from bot.core.project import Project
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, Row, project_of
from bot.store.delivering.enqueue import enqueue_source_notes
from bot.store.watching.projects import add_project
from bot.store.watching.staleness import mark_all, read_soon

# While the cloud answers, a good read is noted each minute, also after a restart.
_LONG_SILENCE = timedelta(minutes=3)
# If the loss of the API itself will be reported within this time, do not also report the loss
# of its answers.
_TOLD_SOON = timedelta(minutes=3)


def note(
    transaction: Transaction,
    project: Project,
    *,
    is_good: bool,
    is_missing: bool = False,
    is_back: bool = False,
    lost_after: timedelta,
) -> None:
    """Record a good or bad read, and enqueue the source notes that follow from it."""
    add_project(transaction, project)
    at = of_project(tables.project, project)
    query = select(tables.project).where(at).with_for_update()
    row = transaction.connection.execute(query).mappings().one()
    if is_good:
        values = _find_again(transaction, row, is_back=is_back)
    elif row["good_at"] is None:
        # There was no good read yet: the outage counts from the first attempt.
        values = {"good_at": transaction.now}
    else:
        values = _lose(transaction, row, is_missing=is_missing, lost_after=lost_after)
    transaction.connection.execute(update(tables.project).where(at).values(**values))


def _find_again(transaction: Transaction, row: RowMapping, *, is_back: bool) -> Row:
    lost_since = row["lost_since"]
    if lost_since is not None:
        _enqueue_notes(transaction, row, DeliveryKind.SOURCE_BACK, lost_since)
    good_at = row["good_at"]
    is_long = good_at is not None and transaction.now - good_at >= _LONG_SILENCE
    if is_back or is_long or lost_since is not None:
        read_soon(transaction, project_of(row))
    return {
        "good_at": transaction.now,
        "lost_since": None,
        "missing_since": None,
        "missing_told_at": None,
    }


def _lose(
    transaction: Transaction, row: RowMapping, *, is_missing: bool, lost_after: timedelta
) -> Row:
    now, lost_since = transaction.now, row["lost_since"]
    missing_since = (row["missing_since"] or now) if is_missing else None
    missing_for = now - missing_since if missing_since else timedelta(0)
    values: Row = {"missing_since": missing_since}
    is_news = missing_since is not None and row["missing_told_at"] is None
    if is_news and missing_for >= lost_after:
        lost_since = lost_since or row["good_at"]
        values |= {"lost_since": lost_since, "missing_told_at": now}
        kind = DeliveryKind.SOURCE_LOST
        _enqueue_notes(transaction, row, kind, lost_since, missing=missing_since)
    elif is_news and missing_for >= lost_after - _TOLD_SOON:
        pass
    elif lost_since is None and now - row["good_at"] >= lost_after:
        values["lost_since"] = row["good_at"]
        _enqueue_notes(transaction, row, DeliveryKind.SOURCE_LOST, row["good_at"])
    if "lost_since" in values:
        mark_all(transaction, project_of(row))
    return values


def _enqueue_notes(
    transaction: Transaction,
    row: RowMapping,
    kind: DeliveryKind,
    since: datetime,
    *,
    missing: datetime | None = None,
) -> None:
    project = project_of(row)
    live = (
        select(tables.subscription.c.channel_id)
        .where(
            of_project(tables.subscription, project),
            tables.subscription.c.state.in_(LIVE),
        )
        .distinct()
        .order_by(tables.subscription.c.channel_id)
    )
    channel_ids = transaction.connection.execute(live).scalars().all()
    places = [Place(team_id=project.team_id, channel_id=channel_id) for channel_id in channel_ids]
    enqueue_source_notes(transaction, project, kind, since, places, missing_since=missing)
