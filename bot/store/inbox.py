"""What Slack sends again is done once: the Inbox port over SQL."""

from sqlalchemy import bindparam, text

from bot.store.columns import UtcTime
from bot.store.database import Database, Transaction

_REMEMBER = text(
    "INSERT INTO inbox (team_id, key, seen_at) VALUES (:team_id, :key, :seen_at)"
    " ON CONFLICT (team_id, key) DO NOTHING"
).bindparams(bindparam("seen_at", type_=UtcTime))


class SqlInbox:
    """The keys of what came in; raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen_before(self, team_id: str, key: str) -> bool:
        """Remember an event id or a trigger id; True if it was known."""
        return await self._database.write(lambda tx: is_known(tx, team_id, key))


async def is_known(transaction: Transaction, team_id: str, key: str) -> bool:
    """Remember a key with the rest of the transaction; True if it was known."""
    result = await transaction.connection.execute(
        _REMEMBER, {"team_id": team_id, "key": key, "seen_at": transaction.now}
    )
    return result.rowcount == 0
