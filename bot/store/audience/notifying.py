"""Find the recipients of changes, and end or revive subscriptions; inside one transaction."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from bot.core.advance import Advance
from bot.core.audience import Recipient, recipients, settle
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import JobTarget, Subscription, SubscriptionState
from bot.store.audience.flapping import offer_less
from bot.store.audience.subscribers import subscriptions_of, sweeping_subscriptions
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import change_row, subscription_of
from bot.store.delivering.enqueue import enqueue_cards, enqueue_change, refresh_cards


def notify(transaction: Transaction, project: Project, steps: Sequence[Advance]) -> None:
    """Record the changes, enqueue a delivery for each recipient, end or revive subscriptions."""
    changed = [(step, step.change) for step in steps if step.change is not None]
    if not changed:
        return
    rows = [change_row(change) for _, change in changed]
    transaction.connection.execute(insert(tables.change), rows)
    job_ids = [change.job.id for _, change in changed]
    refresh_cards(transaction, project, job_ids)
    by_job = _by_job(subscriptions_of(transaction, project, job_ids))
    sweeping = sweeping_subscriptions(transaction, project)
    for step, change in changed:
        own = by_job.get(change.job.id, [])
        asking = [*own, *sweeping] if step.is_announced else []
        audience = recipients(change, asking, transaction.now)
        enqueue_change(transaction, change, audience)
        offer_less(transaction, change, audience)
        _save(transaction, settle(own, change, transaction.now))


def _by_job(own: Iterable[Subscription]) -> dict[JobId, list[Subscription]]:
    by_job: dict[JobId, list[Subscription]] = {}
    for one in own:
        if isinstance(one.target, JobTarget):
            by_job.setdefault(one.target.job_id, []).append(one)
    return by_job


def _save(transaction: Transaction, settled: Sequence[Subscription]) -> None:
    # A change brings all of these subscriptions into the same state.
    if settled:
        values = {"state": settled[0].state.value, "ended_at": settled[0].ended_at}
        ids = [one.id for one in settled]
        transaction.connection.execute(
            update(tables.subscription).where(among(tables.subscription.c.id, ids)).values(**values)
        )


def activate_pending(
    transaction: Transaction, project: Project, job_ids: Collection[JobId]
) -> None:
    """Activate the subscriptions that waited for the first good read of these jobs."""
    job_ids = _awaited(transaction, project, job_ids)
    if not job_ids:
        return
    activated = transaction.connection.execute(
        update(tables.subscription)
        .where(_pending(project), among(tables.subscription.c.job_id, job_ids))
        .values(state=SubscriptionState.ACTIVE.value)
        .returning(*tables.subscription.c)
    )
    for subscription in map(subscription_of, activated.mappings().all()):
        if isinstance(subscription.target, JobTarget):
            audience = [
                Recipient(place=subscription.place, delivery_mode=subscription.delivery_mode)
            ]
            enqueue_cards(transaction, project, subscription.target.job_id, audience)


def withdraw_pending(
    transaction: Transaction, project: Project, job_ids: Collection[JobId]
) -> None:
    """Delete the subscriptions that waited for the first read of these jobs, which do not exist."""
    if job_ids:
        transaction.connection.execute(
            delete(tables.subscription).where(
                _pending(project), among(tables.subscription.c.job_id, job_ids)
            )
        )


def pending_jobs(transaction: Transaction, project: Project) -> Collection[JobId]:
    """Return the jobs for whose first good read a subscription waits: few at any time."""
    query = select(tables.subscription.c.job_id).where(_pending(project))
    return {JobId(job_id) for job_id in transaction.connection.execute(query).scalars()}


def _awaited(
    transaction: Transaction, project: Project, job_ids: Collection[JobId]
) -> Collection[JobId]:
    if not job_ids:
        return ()
    pending = pending_jobs(transaction, project)
    return [job_id for job_id in job_ids if job_id in pending]


def _pending(project: Project) -> ColumnElement[bool]:
    c = tables.subscription.c
    return and_(
        of_project(tables.subscription, project), c.state == "pending", c.target_kind == "job"
    )
