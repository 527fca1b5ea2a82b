"""Start to poll jobs that somebody subscribes to; inside a transaction."""

from sqlalchemy import update

from bot.core.job import JobId
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.watching.writing import add_unread


def poll_soon(transaction: Transaction, project: Project, job_id: JobId) -> None:
    """Make a job due at once, for its first read or for the next one."""
    add_unread(transaction, project, job_id)
    _poll(transaction, project, job_id)


def poll_again(transaction: Transaction, project: Project, job_id: JobId) -> None:
    """Resume the polls of a job that no subscription needed when its baseline was recorded. A job
    that is polled already keeps its turn."""
    _poll(transaction, project, job_id, only_if_resting=True)


def _poll(
    transaction: Transaction, project: Project, job_id: JobId, *, only_if_resting: bool = False
) -> None:
    c = tables.watched_job.c
    statement = update(tables.watched_job).where(
        of_project(tables.watched_job, project), c.job_id == job_id
    )
    if only_if_resting:
        statement = statement.where(c.next_at.is_(None))
    transaction.connection.execute(statement.values(next_at=transaction.now))
