"""The sentences that subscribe a place to a job again on its former terms."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import RowMapping, select, update

from bot.core.audience import strongest
from bot.core.commands.verbs.resubscribe import resubscribe_command
from bot.core.delivery import DeliveryKind
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.core.subscription import Place, Subscription
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import project_of, subscription_of

#: The sentences, by channel and job.
Sentences = dict[tuple[str, int], str]


def resubscribe_sentences(
    transaction: Transaction, rows: Sequence[RowMapping], also: Iterable[int] = ()
) -> Sentences:
    """Return the sentences for the jobs of these rows, which are of one project, and for the jobs
    in `also`. A place has one if its subscription to the job alone is still stored."""
    if not rows:
        return {}
    c = tables.subscription.c
    query = select(tables.subscription).where(
        of_project(tables.subscription, project_of(rows[0])),
        c.channel_id.in_({row["channel_id"] for row in rows}),
        c.job_id.in_({row["job_id"] for row in rows} | {*also}),
        c.target_kind == "job",
    )
    return {
        (row["channel_id"], row["job_id"]): resubscribe_command(
            subscription_of(row), JobId(row["job_id"]), transaction.now
        ).text
        for row in transaction.connection.execute(query).mappings()
    }


def stored_sentences(transaction: Transaction, rows: Sequence[RowMapping]) -> Sentences:
    """Return the sentences that `store_sentences` stored, for those cards that are not followed."""
    closed = [row for row in rows if not row["is_followed"]]
    if not closed:
        return {}
    c = tables.delivery.c
    query = select(c.channel_id, c.job_id, c.about).where(
        of_project(tables.delivery, project_of(closed[0])),
        c.channel_id.in_({row["channel_id"] for row in closed}),
        c.job_id.in_({row["job_id"] for row in closed}),
        c.kind == DeliveryKind.CARD.value,
        c.about.is_not(None),
    )
    found = transaction.connection.execute(query)
    return {(row.channel_id, row.job_id): row.about for row in found}


def store_sentences(
    transaction: Transaction,
    project: Project,
    place: Place,
    jobs: Iterable[VisualizationJob],
    ended: Collection[Subscription],
) -> None:
    """Store with each job's card the terms of the deleted subscriptions `ended`, which were the
    last ones of the place that covered the job."""
    by_sentence: dict[str, list[JobId]] = {}
    for job in jobs:
        former = strongest(ended, job)
        if former is not None:
            text = resubscribe_command(former, job.id, transaction.now).text
            by_sentence.setdefault(text, []).append(job.id)
    for text, job_ids in by_sentence.items():
        transaction.connection.execute(
            update(tables.delivery)
            .where(
                of_project(tables.delivery, project),
                tables.delivery.c.channel_id == place.channel_id,
                tables.delivery.c.job_id.in_(job_ids),
                tables.delivery.c.kind == DeliveryKind.CARD.value,
            )
            .values(about=text)
        )
