"""Workspaces that do not accept us any more: frozen at once, and begun anew when they do again."""

from sqlalchemy import ColumnElement, and_, bindparam, select, text, update

from bot.core.hold import HoldReason, HoldScope
from bot.store.database import tables
from bot.store.database.care_tables import BASELINE
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, writing
from bot.store.delivering.holding import hold, release
from bot.store.watching.leasing import drop_leases
from bot.store.watching.projects import NEXT_EPOCH

#: Why the deliveries that waited were never posted.
REMOVED = "the app was removed from the workspace before this could be told"

_FREEZE = text(
    "INSERT INTO workspace (team_id, frozen_at, is_removed, reason)"
    " VALUES (:team_id, :now, :is_removed, :reason) ON CONFLICT (team_id) DO UPDATE SET"
    " frozen_at = coalesce(workspace.frozen_at, excluded.frozen_at),"
    " is_removed = workspace.is_removed OR excluded.is_removed, reason = excluded.reason"
).bindparams(bindparam("now", type_=UtcTime))


def _freeze(transaction: Transaction, team_id: str, *, reason: str, is_removed: bool) -> None:
    """Poll nothing for it and post nothing there, in all replicas."""
    transaction.connection.execute(
        _FREEZE,
        {"team_id": team_id, "now": transaction.now, "is_removed": is_removed, "reason": reason},
    )
    scope = HoldScope(team_id=team_id)
    hold(transaction, scope, HoldReason.FROZEN, until=None, words=reason)
    _drop_leases(transaction, team_id)


def _thaw(transaction: Transaction, team_id: str) -> bool:
    """It accepts us: go on, or begin anew. True if it was frozen."""
    frozen = select(tables.workspace.c.is_removed).where(_is_frozen(team_id)).with_for_update()
    is_removed = transaction.connection.scalar(frozen)
    if is_removed is None:
        # An older version that runs beside us may have thawed it, and knows no holds.
        return release(transaction, HoldScope(team_id=team_id), {HoldReason.FROZEN})
    if is_removed:
        _begin_anew(transaction, team_id)
    _open(transaction, team_id)
    return True


def _is_frozen(team_id: str) -> ColumnElement[bool]:
    return and_(tables.workspace.c.team_id == team_id, tables.workspace.c.frozen_at.is_not(None))


def _drop_leases(transaction: Transaction, team_id: str) -> None:
    """What is being read for it is recorded no more. A post on its way still may be."""
    drop_leases(transaction, team_id)
    transaction.connection.execute(
        update(tables.project)
        .where(
            tables.project.c.team_id == team_id,
            tables.project.c.lease_until.is_not(None),
        )
        .values(sweep_epoch=NEXT_EPOCH, lease_until=None)
    )


def _begin_anew(transaction: Transaction, team_id: str) -> None:
    """What waited is given up, visibly; the next read of each job, and the next list, is where
    its news begin."""
    connection = transaction.connection
    connection.execute(
        update(tables.delivery)
        .where(
            tables.delivery.c.team_id == team_id,
            tables.delivery.c.state.in_(("open", "grouped")),
            tables.delivery.c.kind != "card",
        )
        .values(
            state="dead",
            reason=REMOVED,
            finished_at=transaction.now,
            epoch=tables.delivery.c.epoch + 1,
            lease_until=None,
        )
    )
    connection.execute(
        update(tables.watched_job)
        .where(tables.watched_job.c.team_id == team_id, tables.watched_job.c.next_at.is_not(None))
        .values(is_rebased=True, next_at=transaction.now)
    )
    connection.execute(
        update(tables.care).where(tables.care.c.team_id == team_id).values(sequence=BASELINE)
    )
    connection.execute(
        update(tables.subscription)
        .where(
            tables.subscription.c.team_id == team_id,
            tables.subscription.c.state == "active",
            tables.subscription.c.target_kind != "job",
        )
        .values(state="pending")
    )
    connection.execute(
        update(tables.project)
        .where(tables.project.c.team_id == team_id, tables.project.c.next_at.is_not(None))
        .values(next_at=transaction.now)
    )


def _open(transaction: Transaction, team_id: str) -> None:
    connection = transaction.connection
    connection.execute(
        update(tables.workspace)
        .where(tables.workspace.c.team_id == team_id)
        .values(frozen_at=None, is_removed=False, reason="")
    )
    release(transaction, HoldScope(team_id=team_id), HoldReason)


class SqlWorkspaces(SqlPort):
    """The Workspaces port over SQL."""

    freeze = writing(_freeze)
    thaw = writing(_thaw)
