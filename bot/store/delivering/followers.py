"""The subscriptions that cover the jobs of cards, and the people who made them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import RowMapping, or_, select

from bot.core.audience import covering
from bot.core.job import VisualizationJob
from bot.core.subscription import JobTarget, Subscription
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, project_of, subscription_of


def followers(
    transaction: Transaction, rows: Sequence[RowMapping], jobs: Mapping[int, VisualizationJob]
) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the people who subscribed to each card's job, by channel and job, earliest first."""
    return {
        key: subscribers(found)
        for key, found in live_subscriptions(transaction, rows, jobs).items()
    }


def subscribers(subscriptions: Iterable[Subscription]) -> tuple[str, ...]:
    """Return the people who made these subscriptions, each once, earliest first."""
    return tuple(dict.fromkeys(one.created_by for one in subscriptions if one.created_by))


def is_followed_only_widely(subscriptions: Sequence[Subscription]) -> bool:
    """Return whether there are subscriptions, but none to the job alone."""
    return bool(subscriptions) and not any(
        isinstance(one.target, JobTarget) for one in subscriptions
    )


def live_subscriptions(
    transaction: Transaction, rows: Sequence[RowMapping], jobs: Mapping[int, VisualizationJob]
) -> dict[tuple[str, int], list[Subscription]]:
    """Return the live subscriptions that cover each card's job, by channel and job, oldest
    first."""
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
    found: dict[tuple[str, int], list[Subscription]] = {}
    for row in rows:
        here = [one for one in subscriptions if one.place.channel_id == row["channel_id"]]
        covered = covering(here, jobs[row["job_id"]], transaction.now)
        found[row["channel_id"], row["job_id"]] = covered
    return found
