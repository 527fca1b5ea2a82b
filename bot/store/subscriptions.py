"""Who wishes to hear of what: the Subscriptions port over SQL."""

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, text, update

from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Subscribed
from bot.core.subscription import JobTarget, Place, Subscription, Target
from bot.store.audience.moving import move
from bot.store.audience.subscribers import hears_yet, is_live, stop_unwanted, unfollow
from bot.store.database.columns import UtcTime
from bot.store.database.database import Database, Transaction
from bot.store.database.inbox import is_known
from bot.store.database.rows import Row, subscription_of, target_row
from bot.store.database.tables import subscription, watched_job
from bot.store.delivering.ordering import Told, order_cards
from bot.store.watching.recording import observe_baseline
from bot.store.watching.sweeping import order_sweep
from bot.store.watching.writing import add_unread


class SqlSubscriptions:
    """The wishes of one project; every method is one transaction and raises StoreUnavailable."""

    def __init__(self, database: Database, *, project_id: str) -> None:
        self._database = database
        self._project_id = project_id

    async def subscribe(
        self, wish: Subscription, *, baseline: VisualizationJob | None, request_key: str = ""
    ) -> Subscribed:
        """Keep a wish; the same place and target again changes its wanted, telling and until.

        A `request_key` (a trigger id) that was seen before changes nothing.
        """

        async def write(transaction: Transaction) -> Subscribed:
            team_id = wish.place.team_id
            if request_key and await is_known(transaction, team_id, request_key):
                standing = await _standing(transaction, wish)
                return Subscribed(subscription=standing or wish, is_new=False)
            return await _subscribe(transaction, wish, baseline)

        return await self._database.write(write)

    async def unsubscribe(
        self, place: Place, target: Target | None, *, request_key: str = ""
    ) -> tuple[Subscription, ...]:
        """Forget one target of a place, or all; what was forgotten.

        What happened before is still told. A `request_key` that was seen before forgets nothing.
        """

        async def write(transaction: Transaction) -> tuple[Subscription, ...]:
            if request_key and await is_known(transaction, place.team_id, request_key):
                return ()
            return await _unsubscribe(transaction, place, self._project_id, target)

        return await self._database.write(write)

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        """Slack gave the channel another id: subscriptions, cards and what waits go with it."""

        async def write(transaction: Transaction) -> None:
            await move(transaction, place, to_channel_id)

        await self._database.write(write)

    async def list_subscriptions(
        self, team_id: str, *, place: Place | None = None, created_by: str | None = None
    ) -> tuple[Subscription, ...]:
        """Those of a place, of a person, or all of a workspace that may hear something yet, oldest
        first."""
        query = (
            select(subscription)
            .where(
                subscription.c.team_id == team_id,
                subscription.c.project_id == self._project_id,
            )
            .order_by(subscription.c.id)
        )
        if place is not None:
            query = query.where(subscription.c.channel_id == place.channel_id)
        if created_by is not None:
            query = query.where(subscription.c.created_by == created_by)

        async def read(transaction: Transaction) -> tuple[Subscription, ...]:
            rows = (await transaction.connection.execute(query)).mappings()
            kept = (subscription_of(row) for row in rows)
            return tuple(wish for wish in kept if hears_yet(wish, transaction))

        return await self._database.read(read)


async def _subscribe(
    transaction: Transaction, wish: Subscription, baseline: VisualizationJob | None
) -> Subscribed:
    if not isinstance(wish.target, JobTarget):
        baseline = None
    elif baseline is not None:
        # First what others hear of this read, then the wish: to it, the read is no news.
        await observe_baseline(transaction, wish, baseline)
    kept, is_new = await _keep(transaction, wish, is_known=baseline is not None)
    if not isinstance(wish.target, JobTarget):
        await order_sweep(transaction, kept)
    elif baseline is not None:
        told = [Told(place=wish.place, delivery_mode=kept.delivery_mode)]
        await order_cards(transaction, wish.project_id, wish.target.job_id, told)
    else:
        await _poll_soon(transaction, wish, wish.target.job_id)
    return Subscribed(subscription=kept, is_new=is_new)


async def _keep(
    transaction: Transaction, wish: Subscription, *, is_known: bool
) -> tuple[Subscription, bool]:
    state = "active" if is_known else "pending"
    added = await transaction.connection.execute(_ADD, {**_row_of(wish), "state": state})
    standing = await _standing(transaction, wish)
    if standing is not None and added.rowcount:
        return standing, True
    changes: Row = {
        "wanted": wish.event_filter.text,
        "telling": wish.delivery_mode.value,
        "until": wish.until,
    }
    had_ended = standing is not None and not is_live(standing)
    if had_ended or is_known:
        changes |= {"state": state, "ended_at": None}
    changed = await transaction.connection.execute(
        update(subscription).where(_key(wish)).values(**changes).returning(*subscription.c)
    )
    return subscription_of(changed.mappings().one()), had_ended


async def _standing(transaction: Transaction, wish: Subscription) -> Subscription | None:
    query = select(subscription).where(_key(wish))
    row = (await transaction.connection.execute(query)).mappings().one_or_none()
    return None if row is None else subscription_of(row)


async def _poll_soon(transaction: Transaction, wish: Subscription, job_id: JobId) -> None:
    await add_unread(transaction, wish.place.team_id, wish.project_id, job_id)
    await transaction.connection.execute(
        update(watched_job)
        .where(
            watched_job.c.team_id == wish.place.team_id,
            watched_job.c.project_id == wish.project_id,
            watched_job.c.job_id == job_id,
        )
        .values(next_at=transaction.now)
    )


async def _unsubscribe(
    transaction: Transaction, place: Place, project_id: str, target: Target | None
) -> tuple[Subscription, ...]:
    here = and_(
        subscription.c.team_id == place.team_id,
        subscription.c.project_id == project_id,
        subscription.c.channel_id == place.channel_id,
    )
    if target is not None:
        named = target_row(target)
        here = and_(
            here,
            subscription.c.target_kind == named["target_kind"],
            subscription.c.target == named["target"],
        )
    query = delete(subscription).where(here).returning(*subscription.c)
    rows = (await transaction.connection.execute(query)).mappings().all()
    gone = tuple(sorted(map(subscription_of, rows), key=lambda wish: wish.id))
    if gone:
        await unfollow(transaction, place, project_id)
        job_ids = {wish.target.job_id for wish in gone if isinstance(wish.target, JobTarget)}
        is_all_jobs = len(job_ids) == len(gone)
        await stop_unwanted(
            transaction, place.team_id, project_id, job_ids if is_all_jobs else None
        )
    return gone


def _row_of(wish: Subscription) -> Row:
    return {
        "team_id": wish.place.team_id,
        "project_id": wish.project_id,
        "channel_id": wish.place.channel_id,
        **target_row(wish.target),
        "wanted": wish.event_filter.text,
        "telling": wish.delivery_mode.value,
        "created_by": wish.created_by,
        "created_at": wish.created_at,
        "until": wish.until,
    }


def _key(wish: Subscription) -> ColumnElement[bool]:
    named = target_row(wish.target)
    return and_(
        subscription.c.team_id == wish.place.team_id,
        subscription.c.project_id == wish.project_id,
        subscription.c.channel_id == wish.place.channel_id,
        subscription.c.target_kind == named["target_kind"],
        subscription.c.target == named["target"],
    )


_ADD = text(
    "INSERT INTO subscription (team_id, project_id, channel_id, target_kind, target, job_id,"
    " wanted, telling, created_by, created_at, until, state)"
    " VALUES (:team_id, :project_id, :channel_id, :target_kind, :target, :job_id,"
    " :wanted, :telling, :created_by, :created_at, :until, :state)"
    " ON CONFLICT (team_id, project_id, channel_id, target_kind, target) DO NOTHING"
).bindparams(bindparam("created_at", type_=UtcTime), bindparam("until", type_=UtcTime))
