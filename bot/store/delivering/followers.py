"""Who subscribed the places of cards: the cards are signed with them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, or_, select

from bot.core.audience import covering
from bot.core.job import VisualizationJob
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, project_of, subscription_of


def followers(
    transaction: Transaction, rows: Sequence[RowMapping], jobs: Mapping[int, VisualizationJob]
) -> dict[tuple[str, int], tuple[str, ...]]:
    """The people who subscribed, first come first, by channel and job, of these cards' rows."""
    if not rows:
        return {}
    c = tables.subscription.c
    query = (
        select(tables.subscription)
        .where(
            of_project(tables.subscription, project_of(rows[0])),
            c.channel_id.in_({row["channel_id"] for row in rows}),
            or_(c.job_id == 0, c.job_id.in_({row["job_id"] for row in rows})),
            c.state.in_(LIVE),
        )
        .order_by(c.id)
    )
    subscriptions = list(map(subscription_of, transaction.connection.execute(query).mappings()))
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for row in rows:
        here = [one for one in subscriptions if one.place.channel_id == row["channel_id"]]
        standing = covering(here, jobs[row["job_id"]], transaction.now)
        people = dict.fromkeys(one.created_by for one in standing if one.created_by)
        found[row["channel_id"], row["job_id"]] = tuple(people)
    return found
