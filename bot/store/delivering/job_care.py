"""The owners, leases and requested actions of jobs, for the cards and notices that show them."""

from collections.abc import Collection, Mapping

from sqlalchemy import RowMapping, or_, select

from bot.core.acting import Decision, JobAction, RequestedAction
from bot.core.care import JobCare, Keep, described_owner, owner_of
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction

#: The outcomes after which the cloud may carry out the action.
MAY_HAVE_ACTED = [decision.value for decision in Decision if decision.may_have_acted]


def read_care(
    transaction: Transaction, project: Project, jobs: Mapping[int, VisualizationJob]
) -> Mapping[int, JobCare]:
    """Return the owner and the lease (`keep`) of each of these jobs; a description may name the
    owner."""
    if not jobs:
        return {}
    c = tables.care.c
    query = select(tables.care).where(of_project(tables.care, project), c.job_id.in_(jobs))
    rows = {row["job_id"]: row for row in transaction.connection.execute(query).mappings()}
    return {job_id: _care(job, rows.get(job_id)) for job_id, job in jobs.items()}


def _care(job: VisualizationJob, row: RowMapping | None) -> JobCare:
    if row is None:
        return JobCare(owner=described_owner(job.description))
    keep = None
    if row["kept_until"] is not None:
        keep = Keep(until=row["kept_until"], by=row["kept_by"])
    owner = owner_of(job.description, claimed_by=row["owner"], disclaimed_by=row["disclaimed_by"])
    return JobCare(owner=owner, keep=keep)


def last_asked_for(
    transaction: Transaction, project: Project, job_ids: Collection[int]
) -> Mapping[int, RequestedAction]:
    """Return the last requested action of each of these jobs, without those that the cloud surely
    did not take."""
    c = tables.action.c
    query = (
        select(tables.action)
        .where(
            of_project(tables.action, project),
            c.job_id.in_(job_ids),
            or_(c.outcome.is_(None), c.outcome.in_(MAY_HAVE_ACTED)),
        )
        .order_by(c.asked_at)
    )
    rows = transaction.connection.execute(query).mappings()
    return {row["job_id"]: asked_of(row) for row in rows}


def asked_of(row: RowMapping) -> RequestedAction:
    """Return the requested action of a row of `action`."""
    return RequestedAction(
        action=JobAction(row["action"]),
        by=row["asked_by"],
        at=row["asked_at"],
        is_accepted=row["outcome"] == Decision.ACCEPTED.value,
    )
