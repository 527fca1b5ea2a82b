"""Workspaces that do not accept us any more: frozen at once, and begun anew when they do again."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, text, update

from bot.store.database.columns import UtcTime
from bot.store.database.database import Database, Transaction
from bot.store.database.tables import (
    delivery,
    gate,
    place,
    project,
    subscription,
    watched_job,
    workspace,
)
from bot.store.delivering import holding
from bot.store.watching.leasing import drop_leases
from bot.store.watching.sweeping import NEXT_EPOCH

#: Why what waited was never told.
REMOVED = "the app was removed from the workspace before this could be told"

# Whoever thaws it opens the gate.
_UNTIL_THAWED = timedelta(days=3650)

_FREEZE = text(
    "INSERT INTO workspace (team_id, frozen_at, is_removed, reason)"
    " VALUES (:team_id, :now, :is_removed, :reason) ON CONFLICT (team_id) DO UPDATE SET"
    " frozen_at = coalesce(workspace.frozen_at, excluded.frozen_at),"
    " is_removed = workspace.is_removed OR excluded.is_removed, reason = excluded.reason"
).bindparams(bindparam("now", type_=UtcTime))


class SqlWorkspaces:
    """The Workspaces port over SQL; every method is one transaction, raises StoreUnavailable."""

    def __init__(self, database: Database, *, project_id: str) -> None:
        self._database = database
        self._project_id = project_id

    async def freeze(self, team_id: str, *, reason: str, is_removed: bool) -> None:
        """Poll nothing for it and post nothing there, in all replicas: see the port."""

        async def write(transaction: Transaction) -> None:
            await transaction.connection.execute(
                _FREEZE,
                {
                    "team_id": team_id,
                    "now": transaction.now,
                    "is_removed": is_removed,
                    "reason": reason,
                },
            )
            await holding.close(transaction, team_id, "", _UNTIL_THAWED)
            await _drop_leases(transaction, team_id, self._project_id)

        await self._database.write(write)

    async def thaw(self, team_id: str) -> bool:
        """It accepts us: go on, or begin anew. True if it was frozen."""

        async def write(transaction: Transaction) -> bool:
            frozen = select(workspace.c.is_removed).where(_is_frozen(team_id)).with_for_update()
            is_removed = await transaction.connection.scalar(frozen)
            if is_removed is None:
                return False
            if is_removed:
                await _begin_anew(transaction, team_id)
            await _open(transaction, team_id)
            return True

        return await self._database.write(write)


def _is_frozen(team_id: str) -> ColumnElement[bool]:
    return and_(workspace.c.team_id == team_id, workspace.c.frozen_at.is_not(None))


async def _drop_leases(transaction: Transaction, team_id: str, project_id: str) -> None:
    """What is being read for it is recorded no more. A post on its way still may be."""
    await drop_leases(transaction, team_id, project_id)
    await transaction.connection.execute(
        update(project)
        .where(
            project.c.team_id == team_id,
            project.c.project_id == project_id,
            project.c.lease_until.is_not(None),
        )
        .values(sweep_epoch=NEXT_EPOCH, lease_until=None)
    )


async def _begin_anew(transaction: Transaction, team_id: str) -> None:
    """What waited is given up, visibly; the next read of each job, and the next list, is where
    its news begin."""
    connection = transaction.connection
    await connection.execute(
        update(delivery)
        .where(
            delivery.c.team_id == team_id,
            delivery.c.state.in_(("open", "grouped")),
            delivery.c.kind != "card",
        )
        .values(
            state="dead",
            reason=REMOVED,
            finished_at=transaction.now,
            epoch=delivery.c.epoch + 1,
            lease_until=None,
        )
    )
    await connection.execute(
        update(watched_job)
        .where(watched_job.c.team_id == team_id, watched_job.c.next_at.is_not(None))
        .values(is_rebased=True, next_at=transaction.now)
    )
    await connection.execute(
        update(subscription)
        .where(
            subscription.c.team_id == team_id,
            subscription.c.state == "active",
            subscription.c.target_kind != "job",
        )
        .values(state="pending")
    )
    await connection.execute(
        update(project)
        .where(project.c.team_id == team_id, project.c.next_at.is_not(None))
        .values(next_at=transaction.now)
    )


async def _open(transaction: Transaction, team_id: str) -> None:
    connection = transaction.connection
    await connection.execute(
        update(workspace)
        .where(workspace.c.team_id == team_id)
        .values(frozen_at=None, is_removed=False, reason="")
    )
    everywhere = (gate.c.team_id == team_id) & (gate.c.channel_id == "")
    await connection.execute(delete(gate).where(everywhere))
    await connection.execute(
        update(place)
        .where(
            place.c.team_id == team_id,
            place.c.channel_id == "",
            or_(place.c.held_until.is_(None), place.c.held_until > transaction.now),
        )
        .values(held_until=transaction.now)
    )
