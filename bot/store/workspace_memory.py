"""Remember facts of a workspace for all replicas: the WorkspaceMemory port over SQL."""

from datetime import timedelta

from sqlalchemy import bindparam, select, text

from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.tables import workspace_memory

_A_DAY = timedelta(days=1)

_REFUSE = text(
    "INSERT INTO workspace_memory (team_id, charts_refused_until) VALUES (:team_id, :until)"
    " ON CONFLICT (team_id) DO UPDATE SET charts_refused_until = excluded.charts_refused_until"
).bindparams(bindparam("until", type_=UtcTime))


def _are_charts_refused(transaction: Transaction, team_id: str) -> bool:
    c = workspace_memory.c
    query = select(c.team_id).where(c.team_id == team_id, c.charts_refused_until > transaction.now)
    return transaction.connection.scalar(query) is not None


def _refuse_charts(transaction: Transaction, team_id: str) -> None:
    until = transaction.now + _A_DAY
    transaction.connection.execute(_REFUSE, {"team_id": team_id, "until": until})


class SqlWorkspaceMemory(SqlPort):
    """The WorkspaceMemory port over SQL."""

    are_charts_refused = reading(_are_charts_refused)
    refuse_charts = writing(_refuse_charts)
