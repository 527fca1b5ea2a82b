"""Record which requests are being answered: the Requests port over SQL."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update

from bot.core.ports.requests import LostAnswer
from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.database.inbox import claim_request
from bot.store.database.port import SqlPort, writing

_FORGOTTEN = {"asker": None, "sentence": None}


def _begin(
    transaction: Transaction, team_id: str, key: str, *, user_id: str, sentence: str
) -> None:
    claim_request(transaction, team_id, key)
    transaction.connection.execute(
        update(tables.inbox).where(_is(team_id, key)).values(asker=user_id, sentence=sentence)
    )


def _finish(transaction: Transaction, team_id: str, key: str) -> None:
    transaction.connection.execute(
        update(tables.inbox).where(_is(team_id, key)).values(**_FORGOTTEN)
    )


def _give_up(transaction: Transaction, team_id: str, *, after: timedelta) -> tuple[LostAnswer, ...]:
    c = tables.inbox.c
    query = (
        select(c.key, c.asker, c.sentence)
        .where(c.team_id == team_id, c.sentence.is_not(None), c.seen_at <= transaction.now - after)
        .with_for_update(skip_locked=True)
    )
    rows = transaction.connection.execute(query).all()
    if rows:
        keys = [row.key for row in rows]
        transaction.connection.execute(
            update(tables.inbox).where(c.team_id == team_id, c.key.in_(keys)).values(**_FORGOTTEN)
        )
    return tuple(LostAnswer(user_id=row.asker, sentence=row.sentence) for row in rows)


def _is(team_id: str, key: str) -> ColumnElement[bool]:
    return and_(tables.inbox.c.team_id == team_id, tables.inbox.c.key == key)


class SqlRequests(SqlPort):
    """The Requests port over SQL."""

    begin = writing(_begin)
    claim = writing(claim_request)
    finish = writing(_finish)
    give_up = writing(_give_up)
