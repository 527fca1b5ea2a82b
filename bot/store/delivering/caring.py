"""What people said of jobs, for the cards and notices that show it."""

from collections.abc import Collection, Mapping

from sqlalchemy import RowMapping, or_, select

from bot.core.acting import Asked, Decision, JobAction
from bot.core.care import JobCare, Keep
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction

_MAY_HAVE_ACTED = [decision.value for decision in Decision if decision.may_have_acted]


def cares(
    transaction: Transaction, project: Project, job_ids: Collection[int]
) -> Mapping[int, JobCare]:
    """What is known of each of these jobs; those of which nothing is known are left out."""
    c = tables.care.c
    query = select(tables.care).where(of_project(tables.care, project), c.job_id.in_(job_ids))
    rows = transaction.connection.execute(query).mappings()
    return {row["job_id"]: care_of(row) for row in rows}


def care_of(row: RowMapping) -> JobCare:
    """A row of `care`, as cards show it."""
    keep = None
    if row["kept_until"] is not None:
        keep = Keep(until=row["kept_until"], by=row["kept_by"])
    return JobCare(owner=row["owner"] or "", keep=keep)


def last_asked_for(
    transaction: Transaction, project: Project, job_ids: Collection[int]
) -> Mapping[int, Asked]:
    """The last action of each of these jobs that the cloud may have taken."""
    c = tables.action.c
    query = (
        select(tables.action)
        .where(
            of_project(tables.action, project),
            c.job_id.in_(job_ids),
            or_(c.outcome.is_(None), c.outcome.in_(_MAY_HAVE_ACTED)),
        )
        .order_by(c.asked_at)
    )
    rows = transaction.connection.execute(query).mappings()
    return {
        row["job_id"]: Asked(
            action=JobAction(row["action"]),
            by=row["asked_by"],
            at=row["asked_at"],
            is_accepted=row["outcome"] == Decision.ACCEPTED.value,
        )
        for row in rows
    }
