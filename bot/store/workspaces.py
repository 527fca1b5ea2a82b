"""Hold workspaces that refuse our token, and begin anew in those that had removed the app."""

from sqlalchemy import bindparam, func, select, text, update

from bot.core.delivery import DeliveryKind
from bot.core.hold import UNINSTALLED, HoldReason, HoldScope
from bot.store.database import tables
from bot.store.database.care_tables import BASELINE
from bot.store.database.columns import UtcTime
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, writing
from bot.store.delivering.holding import release
from bot.store.delivering.token_holds import hold_workspace, release_workspace
from bot.store.watching.leasing import drop_leases
from bot.store.watching.projects import NEXT_EPOCH

#: The reason of the dead letters on jobs that waited when the app was removed.
REMOVED = "the app was removed from the workspace before this could be told"

# Not given up: cards, and notes without a job, which are sent or withdrawn as outdated.
_OF_JOBS = (DeliveryKind.CHANGE.value, DeliveryKind.CHANGES.value, DeliveryKind.GUARD.value)

# Do not overwrite is_removed or an earlier frozen_at: the removal may be confirmed already.
_FREEZE = text(
    "INSERT INTO workspace (team_id, frozen_at, is_removed, reason)"
    " VALUES (:team_id, :now, :is_removed, :reason) ON CONFLICT (team_id) DO UPDATE SET"
    " frozen_at = coalesce(workspace.frozen_at, excluded.frozen_at), reason = excluded.reason"
).bindparams(bindparam("now", type_=UtcTime))


def _freeze(transaction: Transaction, team_id: str) -> None:
    """Stop polls and posts of a workspace in all replicas, as Slack reports that it removed us."""
    transaction.connection.execute(
        _FREEZE,
        {
            "team_id": team_id,
            "now": transaction.now,
            "is_removed": False,
            "reason": UNINSTALLED,
        },
    )
    hold_workspace(transaction, team_id, reason=UNINSTALLED)
    _drop_leases(transaction, team_id)


def _pause(
    transaction: Transaction, team_id: str, *, reason: str, is_refused: bool = False
) -> None:
    """Stop posts in a workspace in all replicas; go on recording reads, unless this confirms that
    the workspace removed the app."""
    if is_refused and _confirm_removal(transaction, team_id):
        _drop_leases(transaction, team_id)
    hold_workspace(transaction, team_id, reason=reason)


def _confirm_removal(transaction: Transaction, team_id: str) -> bool:
    """Freeze the workspace and return True if Slack had reported that it removed the app."""
    workspace = tables.workspace.c
    confirmed = transaction.connection.execute(
        update(tables.workspace)
        .where(workspace.team_id == team_id, workspace.reason == UNINSTALLED)
        .values(is_removed=True, frozen_at=func.coalesce(workspace.frozen_at, transaction.now))
    )
    return confirmed.rowcount > 0


def _thaw(transaction: Transaction, team_id: str, *, was_accepted: bool) -> tuple[str, ...] | None:
    """Resume a workspace that accepts us, or begin anew after a removal. Return the ids of the
    deliveries that were given up; None if nothing was held."""
    c = tables.workspace.c
    query = select(c.frozen_at, c.is_removed, c.reason).where(c.team_id == team_id)
    found = transaction.connection.execute(query.with_for_update()).one_or_none()
    if found is None or found.frozen_at is None:
        if found is not None and found.reason:
            _open(transaction, team_id)
        is_held = release_workspace(transaction, team_id, is_timed_kept=was_accepted)
        return () if is_held else None
    is_heard = found.reason == UNINSTALLED
    is_removed = found.is_removed or (is_heard and not was_accepted)
    given_up = _give_up(transaction, team_id) if is_removed else ()
    if is_removed:
        _begin_anew(transaction, team_id)
    # The event may be outdated, or precede the end of our token: remember it until the next
    # good answer.
    _open(transaction, team_id, reason=UNINSTALLED if is_heard and not is_removed else "")
    release(transaction, HoldScope(team_id=team_id), HoldReason)
    return given_up


def _drop_leases(transaction: Transaction, team_id: str) -> None:
    """Discard reads that are in flight, by ending their leases. A post may still be recorded."""
    drop_leases(transaction, team_id)
    transaction.connection.execute(
        update(tables.project)
        .where(
            tables.project.c.team_id == team_id,
            tables.project.c.lease_until.is_not(None),
        )
        .values(sweep_epoch=NEXT_EPOCH, lease_until=None)
    )


def _give_up(transaction: Transaction, team_id: str) -> tuple[str, ...]:
    """Turn waiting deliveries on jobs into dead letters; return the ids that are not grouped."""
    c = tables.delivery.c
    dead = transaction.connection.execute(
        update(tables.delivery)
        .where(c.team_id == team_id, c.state.in_(("open", "grouped")), c.kind.in_(_OF_JOBS))
        .values(
            state="dead",
            reason=REMOVED,
            finished_at=transaction.now,
            epoch=c.epoch + 1,
            lease_until=None,
        )
        .returning(c.id, c.group_id)
    )
    return tuple(sorted(row.id for row in dead if row.group_id is None))


def _begin_anew(transaction: Transaction, team_id: str) -> None:
    """Make the next read of each job, and the next list, a new baseline, due at once."""
    connection = transaction.connection
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


def _open(transaction: Transaction, team_id: str, *, reason: str = "") -> None:
    transaction.connection.execute(
        update(tables.workspace)
        .where(tables.workspace.c.team_id == team_id)
        .values(frozen_at=None, is_removed=False, reason=reason)
    )


class SqlWorkspaces(SqlPort):
    """The Workspaces port over SQL."""

    freeze = writing(_freeze)
    pause = writing(_pause)
    thaw = writing(_thaw)
