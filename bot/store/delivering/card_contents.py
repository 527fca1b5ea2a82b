"""What the cards of jobs shall show, place by place."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from bot.core.card_content import CardContent
from bot.core.hold import Hold
from bot.store.database.database import Transaction
from bot.store.delivering.followers import followers
from bot.store.delivering.known_jobs import Known
from bot.store.delivering.snoozes import snoozes_of
from bot.store.delivering.unconfirmed import count_unconfirmed

#: A card's channel and job.
Key = tuple[str, int]


def key_of(row: RowMapping) -> Key:
    """Which card a row is about."""
    return row["channel_id"], row["job_id"]


def card_contents(
    transaction: Transaction,
    rows: Sequence[RowMapping],
    known: Mapping[int, Known],
    again: Mapping[Key, str],
) -> dict[Key, CardContent]:
    """What each of these cards shows, of one project; `again` has the sentences that follow the
    jobs as before."""
    doubts, snoozes = count_unconfirmed(transaction, rows), snoozes_of(transaction, rows)
    people = followers(transaction, rows, {job_id: one.job for job_id, one in known.items()})
    return {
        key_of(row): _content(
            known[row["job_id"]],
            unconfirmed=doubts.get(key_of(row), 0),
            followers=people[key_of(row)],
            again=again.get(key_of(row), ""),
            snooze=snoozes.get(key_of(row)),
        )
        for row in rows
    }


def _content(
    known: Known,
    *,
    unconfirmed: int,
    followers: tuple[str, ...],
    again: str,
    snooze: Hold | None,
) -> CardContent:
    return CardContent(
        job=known.job,
        change=known.latest,
        confirmed_at=known.confirmed_at,
        unconfirmed=unconfirmed,
        followers=followers,
        care=known.care,
        asked=known.asked,
        again=again,
        snooze=snooze,
        last_run=known.last_run,
    )
