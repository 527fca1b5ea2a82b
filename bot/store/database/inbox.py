"""What Slack sends again is done once: its key is kept with what it does, or not at all."""

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
    """Remember a key with the rest of the transaction; True if it was known."""
    result = transaction.connection.execute(
        _REMEMBER, {"team_id": team_id, "key": key, "seen_at": transaction.now}
    )
    return result.rowcount == 0


def claim_request(transaction: Transaction, team_id: str, key: str) -> None:
    """Do what a person asked for in the rest of the transaction. Raises RequestRepeated if it was
    done; a request without a key is never known."""
    if key and is_known(transaction, team_id, key):
        raise RequestRepeated(
            say("I have done this already: Slack sent me the same request again.")
        )
