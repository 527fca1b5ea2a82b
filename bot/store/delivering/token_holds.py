"""The holds of whole workspaces in which Slack refuses our token."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.core.hold import UNINSTALLED, HoldReason, HoldScope
from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.delivering.holding import hold, is_live


def hold_workspace(
    transaction: Transaction, team_id: str, *, reason: str, opens_in: timedelta | None = None
) -> None:
    """Hold a workspace for `opens_in`, or until Slack accepts our token; `reason` is Slack's code.

    If the app was removed, the removal is stored as the reason, because it explains every code.
    """
    workspace = tables.workspace.c
    removal = select(workspace.reason).where(
        workspace.team_id == team_id,
        workspace.frozen_at.is_not(None),
        workspace.reason == UNINSTALLED,
    )
    hold(
        transaction,
        HoldScope(team_id=team_id),
        HoldReason.FROZEN,
        until=None if opens_in is None else transaction.now + opens_in,
        words=transaction.connection.scalar(removal) or reason,
    )


def release_workspace(transaction: Transaction, team_id: str, *, is_timed_kept: bool) -> bool:
    """End the hold of a workspace where Slack accepts our token; True if there was one.
    `is_timed_kept` keeps a hold that has an end: it is for posts that Slack refuses although the
    token is good."""
    c = tables.hold.c
    released = transaction.connection.execute(
        update(tables.hold)
        .where(
            c.team_id == team_id,
            c.channel_id == "",
            c.reason == HoldReason.FROZEN.value,
            c.until.is_(None) if is_timed_kept else is_live(transaction.now),
        )
        .values(until=transaction.now)
    )
    return released.rowcount > 0
