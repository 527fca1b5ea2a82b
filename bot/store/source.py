"""Whether the cloud can be read: told once when it is lost and once when it is back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select, update

from bot.core.outbox import DeliveryKind
from bot.core.watch import Place
from bot.store.database import Transaction
from bot.store.ordering import order_source_notes
from bot.store.staleness import mark_all, read_soon
from bot.store.sweeping import add_project
from bot.store.tables import project, subscription


async def note(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    *,
    is_good: bool,
    lost_after: timedelta,
) -> None:
    """Keep a good or bad read, and order the notes that follow from it."""
    await add_project(transaction, team_id, project_id)
    at = and_(project.c.team_id == team_id, project.c.project_id == project_id)
    query = select(project).where(at).with_for_update()
    row = (await transaction.connection.execute(query)).mappings().one()
    good_at, lost_since = row["good_at"], row["lost_since"]
    values: dict[str, Any] = {}
    if is_good:
        values = {"good_at": transaction.now, "lost_since": None}
        if lost_since is not None:
            await _say(transaction, team_id, project_id, DeliveryKind.SOURCE_BACK, lost_since)
            await read_soon(transaction, team_id, project_id)
    elif good_at is None:
        # Never read well: silence counts from the first attempt.
        values = {"good_at": transaction.now}
    elif lost_since is None and transaction.now - good_at >= lost_after:
        values = {"lost_since": good_at}
        await _say(transaction, team_id, project_id, DeliveryKind.SOURCE_LOST, good_at)
        await mark_all(transaction, team_id, project_id)
    if values:
        await transaction.connection.execute(update(project).where(at).values(**values))


async def _say(
    transaction: Transaction, team_id: str, project_id: str, kind: DeliveryKind, since: datetime
) -> None:
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
    await order_source_notes(transaction, project_id, kind, since, places)
