"""Hold messages on a person's request, for a while: the Snoozes port over SQL."""

from datetime import datetime

from sqlalchemy import select

from bot.core.hold import ASKED_FOR, Hold, HoldScope
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.inbox import claim_request
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.rows import hold_of
from bot.store.delivering import snoozes
from bot.store.delivering.holding import is_live


def _snooze(
    transaction: Transaction, scope: HoldScope, *, until: datetime, by: str, request_key: str = ""
) -> None:
    claim_request(transaction, scope.team_id, request_key)
    snoozes.snooze(transaction, scope, until=until, by=by)


def _wake(transaction: Transaction, scope: HoldScope, *, request_key: str = "") -> tuple[Hold, ...]:
    claim_request(transaction, scope.team_id, request_key)
    return snoozes.wake(transaction, scope)


def _holds_of(
    transaction: Transaction, team_id: str, *, place: Place | None = None
) -> tuple[Hold, ...]:
    """Return the live holds that people asked for; the hold of a whole place comes first."""
    c = tables.hold.c
    query = (
        select(tables.hold)
        .where(
            of_place(tables.hold, place) if place else c.team_id == team_id,
            c.reason.in_([reason.value for reason in ASKED_FOR]),
            is_live(transaction.now),
        )
        .order_by(c.channel_id, c.project_id, c.job_id, c.reason)
    )
    return tuple(map(hold_of, transaction.connection.execute(query).mappings()))


class SqlSnoozes(SqlPort):
    """The Snoozes port over SQL."""

    snooze = writing(_snooze)
    wake = writing(_wake)
    holds_of = reading(_holds_of)
