"""Who is told of a change, and what it does to the subscriptions; inside one transaction."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import TextClause, delete, insert, text, update

from bot.core.change import StatusChange
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Subscription, SubscriptionState, matches
from bot.store.audience.flapping import offer_quiet
from bot.store.audience.subscribers import can_revive, subscriptions_of, sweeping_subscriptions
from bot.store.database.bulk import among
from bot.store.database.columns import OF_PROJECT
from bot.store.database.database import Transaction
from bot.store.database.rows import change_row, subscription_of
from bot.store.database.tables import change as changes_table
from bot.store.database.tables import subscription
from bot.store.delivering.ordering import Told, order_cards, order_change, refresh_cards

_PENDING = f"{OF_PROJECT} AND state = 'pending' AND target_kind = 'job'"
# In plain words, as it is asked with every poll.
_AWAITED = text(f"SELECT job_id FROM subscription WHERE {_PENDING}")  # noqa: S608 - ours
_LOUDEST_LAST = (DeliveryMode.CARD, DeliveryMode.THREAD, DeliveryMode.CHANNEL)


async def tell(
    transaction: Transaction,
    team_id: str,
    project_id: str,
    changes: Sequence[StatusChange],
    *,
    untold: Collection[JobId] = (),
) -> None:
    """Keep the changes, order one delivery for each place that wants one, and end or revive.

    Of the jobs in `untold` only the cards show it.
    """
    if not changes:
        return
    connection = transaction.connection
    await connection.execute(insert(changes_table), [change_row(change) for change in changes])
    job_ids = [change.job.id for change in changes]
    own = await subscriptions_of(transaction, team_id, project_id, job_ids)
    sweeping = await sweeping_subscriptions(transaction, team_id, project_id)
    by_job: dict[JobId, list[Subscription]] = {job_id: [] for job_id in job_ids}
    for wish in own:
        if isinstance(wish.target, JobTarget):
            by_job[wish.target.job_id].append(wish)
    await refresh_cards(transaction, team_id, project_id, job_ids)
    for change in changes:
        wishes = [*by_job[change.job.id], *sweeping]
        wishes = [] if change.job.id in untold else wishes
        hearing = [wish for wish in wishes if _hears(wish, change, transaction)]
        told = _told(hearing)
        await order_change(transaction, change, told)
        await offer_quiet(transaction, change, told)
        await _end_or_revive(transaction, by_job[change.job.id], change)


async def activate_pending(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Collection[JobId]
) -> None:
    """These jobs have had a good read: what waited for it has its baseline, and its card."""
    job_ids = await _awaited(transaction, team_id, project_id, job_ids)
    if not job_ids:
        return
    activated = await transaction.connection.execute(
        update(subscription)
        .where(_pending(team_id, project_id), among(subscription.c.job_id, job_ids))
        .values(state=SubscriptionState.ACTIVE.value)
        .returning(*subscription.c)
    )
    for wish in map(subscription_of, activated.mappings().all()):
        if isinstance(wish.target, JobTarget):
            told = [Told(place=wish.place, delivery_mode=wish.delivery_mode)]
            await order_cards(transaction, project_id, wish.target.job_id, told)


async def withdraw_pending(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Collection[JobId]
) -> None:
    """These jobs do not exist: forget the wishes that waited for them."""
    if job_ids:
        await transaction.connection.execute(
            delete(subscription).where(
                _pending(team_id, project_id), among(subscription.c.job_id, job_ids)
            )
        )


async def pending_jobs(
    transaction: Transaction, team_id: str, project_id: str
) -> Collection[JobId]:
    """The jobs whose first good read somebody waits for: few at any time."""
    whose = {"team_id": team_id, "project_id": project_id}
    return {JobId(row[0]) for row in await transaction.connection.execute(_AWAITED, whose)}


async def _awaited(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Collection[JobId]
) -> Collection[JobId]:
    if not job_ids:
        return ()
    pending = await pending_jobs(transaction, team_id, project_id)
    return [job_id for job_id in job_ids if job_id in pending]


def _pending(team_id: str, project_id: str) -> TextClause:
    return text(_PENDING).bindparams(team_id=team_id, project_id=project_id)


def _hears(wish: Subscription, change: StatusChange, transaction: Transaction) -> bool:
    if wish.until is not None and wish.until <= transaction.now:
        return False
    is_heard = wish.state is SubscriptionState.ACTIVE or (
        change.step.follows_a_restart and can_revive(wish, transaction)
    )
    return is_heard and wish.event_filter.admits(change.step) and matches(wish.target, change.job)


def _told(wishes: Iterable[Subscription]) -> list[Told]:
    # However many wishes of a place it meets, it is told there once: as the wish for the job itself
    # says, or else as loudly as one wants.
    said: dict[str, Subscription] = {}
    for wish in wishes:
        known = said.get(wish.place.channel_id)
        if known is None or _say(wish) > _say(known):
            said[wish.place.channel_id] = wish
    return [Told(place=wish.place, delivery_mode=wish.delivery_mode) for wish in said.values()]


def _say(wish: Subscription) -> tuple[bool, int]:
    return isinstance(wish.target, JobTarget), _LOUDEST_LAST.index(wish.delivery_mode)


async def _end_or_revive(
    transaction: Transaction, own: Sequence[Subscription], change: StatusChange
) -> None:
    ids: list[int] = []
    values: dict[str, object] = {"state": "active", "ended_at": None}
    if change.step.follows_a_restart:
        ids += [wish.id for wish in own if can_revive(wish, transaction)]
    if change.step.ends:
        ids += [wish.id for wish in own if wish.state is SubscriptionState.ACTIVE]
        values = {"state": "ended", "ended_at": transaction.now}
    if ids:
        await transaction.connection.execute(
            update(subscription).where(among(subscription.c.id, ids)).values(**values)
        )
