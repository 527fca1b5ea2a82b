"""Whether the cloud can be read: told once when it is lost and once when it is back."""

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, and_, select, update

from bot.core.delivery import DeliveryKind
from bot.core.subscription import Place
from bot.store.database.database import Transaction
from bot.store.database.rows import Row
from bot.store.database.tables import project, subscription
from bot.store.delivering.ordering import order_source_notes
from bot.store.watching.staleness import mark_all, read_soon
from bot.store.watching.sweeping import add_project

# Where the API's own loss is told so soon, the loss of its answers is not told besides.
_TOLD_SOON = timedelta(minutes=2)


async def note(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    *,
    is_good: bool,
    is_missing: bool,
    lost_after: timedelta,
) -> None:
    """Keep a good or bad read, and order the notes that follow from it."""
    await add_project(transaction, team_id, project_id)
    at = and_(project.c.team_id == team_id, project.c.project_id == project_id)
    query = select(project).where(at).with_for_update()
    row = (await transaction.connection.execute(query)).mappings().one()
    if is_good:
        values = await _find_again(transaction, row)
    elif row["good_at"] is None:
        # Never read well: silence counts from the first attempt.
        values = {"good_at": transaction.now}
    else:
        values = await _lose(transaction, row, is_missing=is_missing, lost_after=lost_after)
    await transaction.connection.execute(update(project).where(at).values(**values))


async def _find_again(transaction: Transaction, row: RowMapping) -> Row:
    lost_since = row["lost_since"]
    if lost_since is not None:
        await _say(transaction, row, DeliveryKind.SOURCE_BACK, lost_since)
        await read_soon(transaction, row["team_id"], row["project_id"])
    return {
        "good_at": transaction.now,
        "lost_since": None,
        "missing_since": None,
        "missing_told_at": None,
    }


async def _lose(
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
        await _say(transaction, row, DeliveryKind.SOURCE_LOST, lost_since, missing=missing_since)
    elif is_news and missing_for >= lost_after - _TOLD_SOON:
        pass
    elif lost_since is None and now - row["good_at"] >= lost_after:
        values["lost_since"] = row["good_at"]
        await _say(transaction, row, DeliveryKind.SOURCE_LOST, row["good_at"])
    if "lost_since" in values:
        await mark_all(transaction, row["team_id"], row["project_id"])
    return values


async def _say(
    transaction: Transaction,
    row: RowMapping,
    kind: DeliveryKind,
    since: datetime,
    *,
    missing: datetime | None = None,
) -> None:
    team_id, project_id = row["team_id"], row["project_id"]
    live = (
        select(subscription.c.channel_id)
        .where(
            subscription.c.team_id == team_id,
            subscription.c.project_id == project_id,
            subscription.c.state != "ended",
        )
        .distinct()
        .order_by(subscription.c.channel_id)
    )
    channel_ids = (await transaction.connection.execute(live)).scalars().all()
    places = [Place(team_id=team_id, channel_id=channel_id) for channel_id in channel_ids]
    await order_source_notes(transaction, project_id, kind, since, places, missing_since=missing)
