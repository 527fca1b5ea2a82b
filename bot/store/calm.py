"""What people want to hear nothing of for a while: the Calm port over SQL."""

from datetime import datetime

from bot.core.hold import Hold, HoldScope
from bot.store.database.database import Transaction
from bot.store.database.inbox import claim_request
from bot.store.database.port import SqlPort, reading, writing
from bot.store.delivering import calming


def _snooze(
    transaction: Transaction, scope: HoldScope, *, until: datetime, by: str, request_key: str = ""
) -> None:
    claim_request(transaction, scope.team_id, request_key)
    calming.snooze(transaction, scope, until=until, by=by)


def _wake(transaction: Transaction, scope: HoldScope, *, request_key: str = "") -> tuple[Hold, ...]:
    claim_request(transaction, scope.team_id, request_key)
    return calming.wake(transaction, scope)


class SqlCalm(SqlPort):
    """See the port."""

    snooze = writing(_snooze)
    wake = writing(_wake)
    calm_of = reading(calming.calm_of)
