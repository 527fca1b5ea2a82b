"""Add the row of a project when it is first needed, and make its full list due."""

from sqlalchemy import bindparam, func, literal, select, text, update

from bot.core.project import Project
from bot.core.subscription import Subscription, SubscriptionState
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project, project_key
from bot.store.database.database import Transaction
from bot.store.database.rows import Row

# Unique in the whole table, because a sweep is identified by its epoch alone.
NEXT_EPOCH = select(func.coalesce(func.max(tables.project.c.sweep_epoch), 0) + 1).scalar_subquery()

_ADD_PROJECT = text(
    "INSERT INTO project (team_id, project_id, sweep_epoch, next_at, known_jobs)"
    " SELECT :team_id, :project_id, coalesce(max(sweep_epoch), 0) + 1, :next_at, 0 FROM project"
    " WHERE true ON CONFLICT (team_id, project_id) DO NOTHING"
).bindparams(bindparam("next_at", type_=tables.project.c.next_at.type))


def add_project(transaction: Transaction, project: Project) -> None:
    """Add the project's row, with no sweep due, unless it exists."""
    transaction.connection.execute(_ADD_PROJECT, {**project_key(project), "next_at": None})


def order_sweep(transaction: Transaction, subscription: Subscription) -> None:
    """Make the full list due. For a pending subscription also discard a list that is being read: it
    is too old to be the baseline."""
    project = subscription.project
    add_project(transaction, project)
    values: Row = {
        "next_at": func.coalesce(tables.project.c.next_at, literal(transaction.now, UtcTime()))
    }
    if subscription.state is SubscriptionState.PENDING:
        values = {"next_at": transaction.now, "lease_until": None, "sweep_epoch": NEXT_EPOCH}
    transaction.connection.execute(
        update(tables.project).where(of_project(tables.project, project)).values(**values)
    )
