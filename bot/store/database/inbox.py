"""The keys of Slack's requests, each committed with the request's effects, to refuse repeats."""

from sqlalchemy import bindparam, text

from bot.core.errors import RequestRepeated
from bot.core.text import say
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction

_REMEMBER = text(
    "INSERT INTO inbox (team_id, key, seen_at) VALUES (:team_id, :key, :seen_at)"
    " ON CONFLICT (team_id, key) DO NOTHING"
).bindparams(bindparam("seen_at", type_=UtcTime))


def is_known(transaction: Transaction, team_id: str, key: str) -> bool:
    """Record a request's key in this transaction; True if it was recorded before."""
    result = transaction.connection.execute(
        _REMEMBER, {"team_id": team_id, "key": key, "seen_at": transaction.now}
    )
    return result.rowcount == 0


def claim_request(transaction: Transaction, team_id: str, key: str) -> None:
    """Record a request's key in this transaction. Raises RequestRepeated if it was recorded before;
    an empty key is neither recorded nor refused."""
    if key and is_known(transaction, team_id, key):
        raise RequestRepeated(
            say("I have done this already: Slack sent me the same request again.")
        )
