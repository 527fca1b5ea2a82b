"""Read and end subscriptions, and stop polls that none needs; inside a transaction."""

from collections.abc import Collection

from sqlalchemy import Select, and_, select, update

from bot.core.audience import uncovered, unwanted
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import Place, Subscription
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, job_of, subscription_of
from bot.store.delivering.resubscribe_sentences import store_sentences


def subscriptions_of(
    transaction: Transaction, project: Project, job_ids: Collection[JobId]
) -> tuple[Subscription, ...]:
    """Return the subscriptions to these single jobs, in every state."""
    query = _subscriptions(project).where(among(tables.subscription.c.job_id, job_ids))
    return _read(transaction, query.where(tables.subscription.c.target_kind == "job"))


def sweeping_subscriptions(transaction: Transaction, project: Project) -> tuple[Subscription, ...]:
    """Return the live subscriptions to patterns and to the project, which need the full list."""
    return _read(
        transaction,
        _subscriptions(project).where(
            tables.subscription.c.job_id == 0,
            tables.subscription.c.target_kind != "job",
            tables.subscription.c.state.in_(LIVE),
        ),
    )


def end_overdue(transaction: Transaction, project: Project) -> None:
    """End the subscriptions whose `until` has passed, and the polls that only they needed."""
    ended = transaction.connection.execute(
        update(tables.subscription)
        .where(
            of_project(tables.subscription, project),
            tables.subscription.c.until <= transaction.now,
            tables.subscription.c.state != "ended",
        )
        .values(state="ended", ended_at=tables.subscription.c.until)
        .returning(tables.subscription.c.job_id)
    )
    job_ids = set(ended.scalars())
    if job_ids:
        stop_unwanted(transaction, project, None if 0 in job_ids else job_ids)


def stop_unwanted(
    transaction: Transaction, project: Project, job_ids: Collection[JobId] | None
) -> None:
    """Stop polling those of these jobs (None: of all jobs) that no subscription covers, and stop
    the sweeps if no subscription needs the full list."""
    at = of_project(tables.watched_job, project)
    polled = select(tables.watched_job).where(at, tables.watched_job.c.next_at.is_not(None))
    if job_ids is not None:
        polled = polled.where(among(tables.watched_job.c.job_id, job_ids))
    rows = transaction.connection.execute(polled).mappings().all()
    jobs = [job_of(row) for row in rows]
    sweeping = sweeping_subscriptions(transaction, project)
    if not sweeping:
        transaction.connection.execute(
            update(tables.project).where(of_project(tables.project, project)).values(next_at=None)
        )
    if not jobs:
        return
    own = subscriptions_of(transaction, project, [job.id for job in jobs])
    needless = unwanted(jobs, [*own, *sweeping], transaction.now)
    if needless:
        transaction.connection.execute(
            update(tables.watched_job)
            .where(at, among(tables.watched_job.c.job_id, needless))
            .values(next_at=None)
        )


def unfollow(
    transaction: Transaction,
    project: Project,
    place: Place,
    *,
    ended: Collection[Subscription],
    by: str,
) -> None:
    """Close the cards of a place that none of its subscriptions covers any more, by a last edit
    that says `by` whom; the `ended` subscriptions covered them until now."""
    cards = (
        select(tables.watched_job)
        .join(
            tables.card,
            and_(
                tables.card.c.team_id == tables.watched_job.c.team_id,
                tables.card.c.project_id == tables.watched_job.c.project_id,
                tables.card.c.job_id == tables.watched_job.c.job_id,
            ),
        )
        .where(
            of_project(tables.card, project),
            tables.card.c.channel_id == place.channel_id,
            tables.card.c.is_followed,
        )
    )
    rows = transaction.connection.execute(cards).mappings().all()
    here = _subscriptions(project).where(tables.subscription.c.channel_id == place.channel_id)
    subscriptions = _read(transaction, here)
    jobs = list(map(job_of, rows))
    gone = uncovered(jobs, [one.target for one in subscriptions])
    if gone:
        store_sentences(transaction, project, place, [job for job in jobs if job.id in gone], ended)
        _forget_cards(transaction, project, place, gone, by=by)


def _forget_cards(
    transaction: Transaction, project: Project, place: Place, job_ids: Collection[JobId], *, by: str
) -> None:
    unfollowed = {
        "is_followed": False,
        "unfollowed_by": by,
        "unfollowed_at": transaction.now,
        "wanted": tables.card.c.wanted + 1,
        "next_at": transaction.now,
    }
    for table, conditions, values in (
        (tables.card, (), unfollowed),
        # A card whose post has not begun is not posted any more.
        (
            tables.delivery,
            (
                tables.delivery.c.kind == "card",
                tables.delivery.c.state == "open",
                tables.delivery.c.intent_at.is_(None),
                tables.delivery.c.lease_until.is_(None),
            ),
            {"state": "withdrawn"},
        ),
    ):
        transaction.connection.execute(
            update(table)
            .where(
                of_project(table, project),
                table.c.channel_id == place.channel_id,
                table.c.job_id.in_(job_ids),
                *conditions,
            )
            .values(**values)
        )


def _subscriptions(project: Project) -> Select[tuple[object, ...]]:
    return (
        select(tables.subscription)
        .where(of_project(tables.subscription, project))
        .order_by(tables.subscription.c.id)
    )


def _read(transaction: Transaction, query: Select[tuple[object, ...]]) -> tuple[Subscription, ...]:
    rows = transaction.connection.execute(query).mappings().all()
    return tuple(map(subscription_of, rows))
