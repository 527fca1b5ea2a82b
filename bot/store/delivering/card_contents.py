"""The contents that the cards of jobs shall show, by channel and job."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from bot.core.card_content import CardContent
from bot.core.hold import Hold
from bot.core.subscription import Subscription
from bot.store.database.database import Transaction
from bot.store.delivering.followers import is_followed_only_widely, live_subscriptions, subscribers
from bot.store.delivering.known_jobs import JobFacts
from bot.store.delivering.snoozes import snoozes_of
from bot.store.delivering.unconfirmed import count_unconfirmed

#: A card's channel and job.
Key = tuple[str, int]


def key_of(row: RowMapping) -> Key:
    """Return the channel and the job that identify the card of a row."""
    return row["channel_id"], row["job_id"]


def card_contents(
    transaction: Transaction,
    rows: Sequence[RowMapping],
    known: Mapping[int, JobFacts],
    sentences: Mapping[Key, str],
) -> dict[Key, CardContent]:
    """Return the content of each of these cards, which are of one project. `sentences` has, by
    card, the sentence that subscribes to the job again on the former terms."""
    doubts, snoozes = count_unconfirmed(transaction, rows), snoozes_of(transaction, rows)
    covering = live_subscriptions(
        transaction, rows, {job_id: one.job for job_id, one in known.items()}
    )
    return {
        key_of(row): _content(
            known[row["job_id"]],
            unconfirmed=doubts.get(key_of(row), 0),
            covering=covering[key_of(row)],
            resubscribe_sentence=sentences.get(key_of(row), ""),
            snooze=snoozes.get(key_of(row)),
        )
        for row in rows
    }


def _content(
    known: JobFacts,
    *,
    unconfirmed: int,
    covering: Sequence[Subscription],
    resubscribe_sentence: str,
    snooze: Hold | None,
) -> CardContent:
    return CardContent(
        job=known.job,
        change=known.latest,
        confirmed_at=known.confirmed_at,
        unconfirmed=unconfirmed,
        followers=subscribers(covering),
        is_with_others=is_followed_only_widely(covering),
        care=known.care,
        asked=known.asked,
        resubscribe_sentence=resubscribe_sentence,
        snooze=snooze,
        last_run=known.last_run,
    )
