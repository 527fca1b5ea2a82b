"""A keep belongs to one run of a job: the next run begins without it."""

from collections.abc import Iterable

from sqlalchemy import update

from bot.core.advance import Advance
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction


def end_keeps(transaction: Transaction, project: Project, steps: Iterable[Advance]) -> None:
    """End the keeps of the jobs whose reads show another run. The keep of an ended run stays until
    then, so that the job's card can name it."""
    begun = [step.after.job_id for step in steps if step.begins_run]
    if not begun:
        return
    c = tables.care.c
    transaction.connection.execute(
        update(tables.care)
        .where(of_project(tables.care, project), among(c.job_id, begun), c.kept_until.is_not(None))
        .values(kept_until=None, kept_by=None)
    )
