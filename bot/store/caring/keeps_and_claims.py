"""Set the lease and the owner of a job on a person's request; inside a transaction."""

from datetime import timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, or_, select, text, update

from bot.core.care import Keep, KeepVerdict, OwnerChange, described_owner, owner_of
from bot.core.job import ENDED_STATUSES, JobId, JobStatus, Phase, VisualizationJob
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project, project_key
from bot.store.database.database import Transaction
from bot.store.database.inbox import claim_request
from bot.store.delivering.enqueue import refresh_cards
from bot.store.delivering.guard_facts import guard_facts, since_notices
from bot.store.watching.recording import lock

# Excludes the reads that are recorded already, so that the look waits for the next read.
_AFTERWARDS = timedelta(milliseconds=1)

_KEEP = text(
    "INSERT INTO care (team_id, project_id, job_id, kept_until, kept_by, look_at)"
    " VALUES (:team_id, :project_id, :job_id, :until, :by, :until)"
    " ON CONFLICT (team_id, project_id, job_id) DO UPDATE SET kept_until = excluded.kept_until,"
    " kept_by = excluded.kept_by, look_at = excluded.look_at, look_past = NULL"
).bindparams(bindparam("until", type_=UtcTime))
_OWN = text(
    "INSERT INTO care (team_id, project_id, job_id, owner, disclaimed_by)"
    " VALUES (:team_id, :project_id, :job_id, :owner, :disclaimed_by)"
    " ON CONFLICT (team_id, project_id, job_id) DO UPDATE SET"
    " owner = excluded.owner, disclaimed_by = excluded.disclaimed_by"
)


def keep(
    transaction: Transaction,
    project: Project,
    job_id: JobId,
    lease: Keep,
    *,
    request_key: str = "",
) -> KeepVerdict:
    """Set the lease of a running job, and withdraw its cost notices that are not posted yet."""
    claim_request(transaction, project.team_id, request_key)
    rows = lock(transaction, project, [job_id])
    if not rows or rows[0]["next_at"] is None or rows[0]["is_gone"]:
        return KeepVerdict.NOT_FOLLOWED
    if JobStatus(rows[0]["status"] or JobStatus.UNKNOWN).phase is not Phase.RUNNING:
        return KeepVerdict.NOT_RUNNING
    of_job = {**project_key(project), "job_id": job_id}
    transaction.connection.execute(_KEEP, {**of_job, "until": lease.until, "by": lease.by})
    _withdraw(transaction, project, job_id)
    refresh_cards(transaction, project, [job_id])
    return KeepVerdict.KEPT


def _withdraw(transaction: Transaction, project: Project, job_id: JobId) -> None:
    c = tables.delivery.c
    withdrawn = transaction.connection.execute(
        update(tables.delivery)
        .where(
            of_project(tables.delivery, project),
            c.job_id == job_id,
            c.kind == "guard",
            or_(c.about.startswith("cost "), c.about.startswith("lease_over ")),
            c.state == "open",
            c.intent_at.is_(None),
            c.lease_until.is_(None),
        )
        .values(state="withdrawn")
        .returning(*c)
    )
    rows = withdrawn.mappings().all()
    since = since_notices(transaction, rows)
    if any(since[row["id"]].over_at(guard_facts(row).kind) is None for row in rows):
        # If the lease is ended early, the next look enqueues the highest mark again; its computed
        # id leaves out the places that were notified of it.
        transaction.connection.execute(
            update(tables.care).where(_is(project, job_id)).values(mark=0)
        )


def stop_keeping(
    transaction: Transaction, project: Project, job_id: JobId, *, request_key: str = ""
) -> Keep | None:
    """End the lease of a job and return it; the next good read notifies of what is due then."""
    claim_request(transaction, project.team_id, request_key)
    watched = lock(transaction, project, [job_id])
    row = _row(transaction, project, job_id)
    # A lease whose time is over is reported by a notice of its own; the end of a run ends it.
    if row is None or row["kept_until"] is None or row["kept_until"] <= transaction.now:
        return None
    if any(one["status"] in ENDED_STATUSES for one in watched):
        return None
    transaction.connection.execute(
        update(tables.care)
        .where(_is(project, job_id))
        .values(kept_until=None, kept_by=None, look_at=transaction.now + _AFTERWARDS)
    )
    refresh_cards(transaction, project, [job_id])
    return Keep(until=row["kept_until"], by=row["kept_by"])


def claim(
    transaction: Transaction,
    project: Project,
    job: VisualizationJob,
    user_id: str,
    *,
    is_taken_over: bool,
    request_key: str = "",
) -> OwnerChange:
    """Make a user the owner of a job; if another user claimed it, only if it `is_taken_over`."""
    claim_request(transaction, project.team_id, request_key)
    owner, disclaimed_by, before = _ownership(transaction, project, job)
    if owner and owner != user_id and not is_taken_over:
        return OwnerChange(before=before, after=before)
    is_back = disclaimed_by == user_id
    _write(transaction, project, job.id, user_id, None if is_back else disclaimed_by)
    return OwnerChange(before=before, after=user_id)


def disclaim(
    transaction: Transaction,
    project: Project,
    job: VisualizationJob,
    user_id: str,
    *,
    back_to: str = "",
    request_key: str = "",
) -> OwnerChange:
    """End a user's ownership of a job, which a claim or the job's description gave; `back_to`
    becomes the owner again."""
    claim_request(transaction, project.team_id, request_key)
    _, disclaimed_by, before = _ownership(transaction, project, job)
    if before != user_id:
        return OwnerChange(before=before, after=before)
    if described_owner(job.description) == user_id:
        disclaimed_by = user_id
    _write(transaction, project, job.id, back_to or None, disclaimed_by)
    after = owner_of(job.description, claimed_by=back_to or None, disclaimed_by=disclaimed_by)
    return OwnerChange(before=before, after=after)


def _write(
    transaction: Transaction,
    project: Project,
    job_id: JobId,
    owner: str | None,
    disclaimed_by: str | None,
) -> None:
    said = {"job_id": job_id, "owner": owner, "disclaimed_by": disclaimed_by}
    transaction.connection.execute(_OWN, {**project_key(project), **said})
    refresh_cards(transaction, project, [job_id])


def _row(transaction: Transaction, project: Project, job_id: JobId) -> RowMapping | None:
    query = select(tables.care).where(_is(project, job_id))
    return transaction.connection.execute(query.with_for_update()).mappings().one_or_none()


def _ownership(
    transaction: Transaction, project: Project, job: VisualizationJob
) -> tuple[str | None, str | None, str]:
    """Return who claimed a job, who denied the ownership that its description states, and who owns
    it by both. The lock keeps that unchanged until the end of the transaction."""
    lock(transaction, project, [job.id])
    row = _row(transaction, project, job.id)
    owner, disclaimed_by = (None, None) if row is None else (row["owner"], row["disclaimed_by"])
    whose = owner_of(job.description, claimed_by=owner, disclaimed_by=disclaimed_by)
    return owner, disclaimed_by, whose


def _is(project: Project, job_id: JobId) -> ColumnElement[bool]:
    return and_(of_project(tables.care, project), tables.care.c.job_id == job_id)
