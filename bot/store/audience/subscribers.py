"""Who wishes to hear of which jobs, inside a transaction: places, cards and what is polled."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import Select, and_, select, update

from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import (
    REVIVAL_HOURS,
    JobTarget,
    Place,
    Subscription,
    SubscriptionState,
    matches,
)
from bot.store.database.bulk import among
from bot.store.database.database import Transaction
from bot.store.database.rows import job_of, subscription_of
from bot.store.database.tables import card, delivery, project, subscription, watched_job

REVIVAL = timedelta(hours=REVIVAL_HOURS)

_LIVE = ("active", "pending")


async def subscriptions_of(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Collection[JobId]
) -> tuple[Subscription, ...]:
    """The subscriptions of these jobs themselves, in every state."""
    query = _subscriptions(team_id, project_id).where(among(subscription.c.job_id, job_ids))
    return await _read(transaction, query.where(subscription.c.target_kind == "job"))


async def sweeping_subscriptions(
    transaction: Transaction, team_id: str, project_id: str
) -> tuple[Subscription, ...]:
    """The live subscriptions of patterns and of the project."""
    return await _read(
        transaction,
        _subscriptions(team_id, project_id).where(
            subscription.c.job_id == 0,
            subscription.c.target_kind != "job",
            subscription.c.state.in_(_LIVE),
        ),
    )


async def end_overdue(transaction: Transaction, team_id: str, project_id: str) -> None:
    """End the subscriptions whose time is over."""
    ended = await transaction.connection.execute(
        update(subscription)
        .where(
            subscription.c.team_id == team_id,
            subscription.c.project_id == project_id,
            subscription.c.until <= transaction.now,
            subscription.c.state != "ended",
        )
        .values(state="ended", ended_at=subscription.c.until)
        .returning(subscription.c.job_id)
    )
    job_ids = set(ended.scalars())
    if job_ids:
        await stop_unwanted(transaction, team_id, project_id, None if 0 in job_ids else job_ids)


def can_revive(wish: Subscription, transaction: Transaction) -> bool:
    """True for one that ended with its job, not too long ago."""
    return (
        wish.state is SubscriptionState.ENDED
        and wish.ended_at is not None
        and transaction.now - wish.ended_at <= REVIVAL
        and (wish.until is None or transaction.now < wish.until)
    )


def hears_yet(wish: Subscription, transaction: Transaction) -> bool:
    """True unless its time is over, or it ended with its job too long ago to come back."""
    is_over = wish.until is not None and wish.until <= transaction.now
    return not is_over and (is_live(wish) or can_revive(wish, transaction))


def is_live(wish: Subscription) -> bool:
    """True if it hears, or will."""
    return wish.state is not SubscriptionState.ENDED


async def stop_unwanted(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Collection[JobId] | None
) -> None:
    """Poll no longer what nobody wishes to hear of (of these jobs; None: of all)."""
    at = and_(watched_job.c.team_id == team_id, watched_job.c.project_id == project_id)
    polled = select(watched_job).where(at, watched_job.c.next_at.is_not(None))
    if job_ids is not None:
        polled = polled.where(among(watched_job.c.job_id, job_ids))
    rows = (await transaction.connection.execute(polled)).mappings().all()
    jobs = [job_of(row) for row in rows]
    sweeping = await sweeping_subscriptions(transaction, team_id, project_id)
    if not sweeping:
        await transaction.connection.execute(
            update(project)
            .where(project.c.team_id == team_id, project.c.project_id == project_id)
            .values(next_at=None)
        )
    if not jobs:
        return
    own = await subscriptions_of(transaction, team_id, project_id, [job.id for job in jobs])
    wanted = {
        wish.target.job_id
        for wish in own
        if isinstance(wish.target, JobTarget) and (is_live(wish) or can_revive(wish, transaction))
    }
    unwanted = [job.id for job in jobs if job.id not in wanted and not _is_swept(job, sweeping)]
    if unwanted:
        await transaction.connection.execute(
            update(watched_job)
            .where(at, among(watched_job.c.job_id, unwanted))
            .values(next_at=None)
        )


async def unfollow(transaction: Transaction, place: Place, project_id: str) -> None:
    """Edit no longer the cards of a place that none of its subscriptions covers."""
    cards = (
        select(watched_job)
        .join(
            card,
            and_(
                card.c.team_id == watched_job.c.team_id,
                card.c.project_id == watched_job.c.project_id,
                card.c.job_id == watched_job.c.job_id,
            ),
        )
        .where(
            card.c.team_id == place.team_id,
            card.c.project_id == project_id,
            card.c.channel_id == place.channel_id,
            card.c.is_followed,
        )
    )
    rows = (await transaction.connection.execute(cards)).mappings().all()
    here = _subscriptions(place.team_id, project_id).where(
        subscription.c.channel_id == place.channel_id
    )
    wishes = await _read(transaction, here)
    gone = [job.id for job in map(job_of, rows) if not _is_swept(job, wishes)]
    if gone:
        await _forget_cards(transaction, place, project_id, gone)


async def _forget_cards(
    transaction: Transaction, place: Place, project_id: str, job_ids: Collection[JobId]
) -> None:
    for table, conditions, values in (
        (card, (), {"is_followed": False}),
        # A card that was not begun is not posted any more.
        (
            delivery,
            (
                delivery.c.kind == "card",
                delivery.c.state == "open",
                delivery.c.intent_at.is_(None),
                delivery.c.lease_until.is_(None),
            ),
            {"state": "withdrawn"},
        ),
    ):
        await transaction.connection.execute(
            update(table)
            .where(
                table.c.team_id == place.team_id,
                table.c.project_id == project_id,
                table.c.channel_id == place.channel_id,
                table.c.job_id.in_(job_ids),
                *conditions,
            )
            .values(**values)
        )


def _is_swept(job: VisualizationJob, wishes: Iterable[Subscription]) -> bool:
    return any(matches(wish.target, job) for wish in wishes)


def _subscriptions(team_id: str, project_id: str) -> Select[tuple[object, ...]]:
    return (
        select(subscription)
        .where(subscription.c.team_id == team_id, subscription.c.project_id == project_id)
        .order_by(subscription.c.id)
    )


async def _read(
    transaction: Transaction, query: Select[tuple[object, ...]]
) -> tuple[Subscription, ...]:
    rows = (await transaction.connection.execute(query)).mappings().all()
    return tuple(map(subscription_of, rows))
