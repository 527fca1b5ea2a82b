"""What operators do to jobs, each call once, and who decided it: the ActionLog over SQL."""

from datetime import timedelta

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    select,
    text,
    true,
    union,
    update,
)

from bot.core.acting import (
    ActionRecord,
    Attempt,
    AuditEntry,
    Beginning,
    Begun,
    Decision,
    Finding,
    JobAction,
)
from bot.core.job import JobId, JobStatus
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.rows import Row, project_of
from bot.store.delivering.enqueue import refresh_cards

# Whichever of its keys somebody else has: the id, or the one unfinished call of a job.
_SPEND = text(
    "INSERT INTO action (team_id, id, project_id, job_id, action, asked_by, channel_id, job_name,"
    " asked_at) VALUES (:team_id, :id, :project_id, :job_id, :action, :asked_by, :channel_id,"
    " :job_name, :asked_at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("asked_at", type_=UtcTime))


def _count_begun(transaction: Transaction, project: Project, job_id: JobId) -> int:
    c = tables.action.c
    query = select(func.count()).where(c.project_id == project.project_id, c.job_id == job_id)
    return transaction.connection.scalar(query) or 0


def _begin(
    transaction: Transaction,
    attempt: Attempt,
    *,
    found: JobStatus,
    after: int,
    abandoned_after: timedelta,
) -> Beginning:
    answer = _claimed(
        transaction, attempt, found=found, after=after, abandoned_after=abandoned_after
    )
    decision = _DECISIONS[answer.begun]
    _note(transaction, attempt, Finding(decision=decision, status=found))
    return answer


_DECISIONS = {
    Begun.YES: Decision.ALLOWED,
    Begun.USED: Decision.USED_ID,
    Begun.BUSY: Decision.BUSY,
}


def _claimed(
    transaction: Transaction,
    attempt: Attempt,
    *,
    found: JobStatus,
    after: int,
    abandoned_after: timedelta,
) -> Beginning:
    if used := _find_used(transaction, attempt.project, attempt.action_id):
        return Beginning(begun=Begun.USED, other=used)
    other = _unfinished(transaction, attempt)
    if other is not None and transaction.now - other.at < abandoned_after:
        return Beginning(begun=Begun.BUSY, other=other)
    if other is not None:
        _conclude(transaction, other.attempt, Finding(decision=Decision.ABANDONED, status=found))
    if not _spend(transaction, attempt):
        # Somebody else did, a moment ago.
        if used := _find_used(transaction, attempt.project, attempt.action_id):
            return Beginning(begun=Begun.USED, other=used)
        return Beginning(begun=Begun.BUSY, other=_unfinished(transaction, attempt))
    # Counted last: nobody else can begin one now.
    if _count_begun(transaction, attempt.project, attempt.job_id) == after + 1:
        return Beginning(begun=Begun.YES)
    # Somebody did since the job was looked at: it is not as it was found any more.
    transaction.connection.execute(
        delete(tables.action).where(_is(attempt.project, attempt.action_id))
    )
    return Beginning(begun=Begun.BUSY, other=_latest(transaction, attempt))


def _spend(transaction: Transaction, attempt: Attempt) -> bool:
    return transaction.connection.execute(_SPEND, _row_of(transaction, attempt)).rowcount > 0


def _conclude(transaction: Transaction, attempt: Attempt, finding: Finding) -> bool:
    c = tables.action.c
    concluded = transaction.connection.execute(
        update(tables.action)
        .where(_is(attempt.project, attempt.action_id), c.outcome.is_(None))
        .values(outcome=finding.decision.value)
    )
    if not concluded.rowcount:
        return False
    _note(transaction, attempt, finding)
    _poll_at_once(transaction, attempt)
    refresh_cards(transaction, attempt.project, [attempt.job_id])
    return True


def _poll_at_once(transaction: Transaction, attempt: Attempt) -> None:
    """The job itself; or the list, where only that has it."""
    job = tables.watched_job.c
    is_job = and_(
        of_project(tables.watched_job, attempt.project),
        job.job_id == attempt.job_id,
        job.next_at.is_not(None),
    )
    polled = transaction.connection.execute(
        update(tables.watched_job).where(is_job).values(next_at=transaction.now)
    )
    if not polled.rowcount:
        of_this = of_project(tables.project, attempt.project)
        transaction.connection.execute(
            update(tables.project)
            .where(of_this, tables.project.c.next_at.is_not(None))
            .values(next_at=transaction.now)
        )


def _note(transaction: Transaction, attempt: Attempt, finding: Finding) -> None:
    row = {
        "team_id": attempt.project.team_id,
        "at": transaction.now,
        "who": attempt.who,
        "channel_id": attempt.channel_id,
        "project_id": attempt.project.project_id,
        "job_id": attempt.job_id,
        "job_name": attempt.job_name,
        "action": attempt.action.value,
        "action_id": attempt.action_id,
        "decision": finding.decision.value,
        "status": None if finding.status is None else int(finding.status),
        "words": finding.words,
        "is_outcome": finding.decision.is_outcome,
    }
    transaction.connection.execute(tables.audit_entry.insert(), row)


def _find_used(transaction: Transaction, project: Project, action_id: str) -> ActionRecord | None:
    query = select(tables.action).where(_is(project, action_id))
    row = transaction.connection.execute(query).mappings().one_or_none()
    return None if row is None else _record_of(row)


def _unfinished(transaction: Transaction, attempt: Attempt) -> ActionRecord | None:
    c = tables.action.c
    query = (
        select(tables.action)
        .where(
            c.project_id == attempt.project.project_id,
            c.job_id == attempt.job_id,
            c.outcome.is_(None),
        )
        .with_for_update()
    )
    row = transaction.connection.execute(query).mappings().one_or_none()
    return None if row is None else _record_of(row)


def _latest(transaction: Transaction, attempt: Attempt) -> ActionRecord | None:
    c = tables.action.c
    query = (
        select(tables.action)
        .where(c.project_id == attempt.project.project_id, c.job_id == attempt.job_id)
        .order_by(c.asked_at.desc())
        .limit(1)
    )
    row = transaction.connection.execute(query).mappings().one_or_none()
    return None if row is None else _record_of(row)


def _abandoned(
    transaction: Transaction, project: Project, *, after: timedelta
) -> tuple[ActionRecord, ...]:
    c = tables.action.c
    query = (
        select(tables.action)
        .where(
            of_project(tables.action, project),
            c.outcome.is_(None),
            c.asked_at <= transaction.now - after,
        )
        .order_by(c.asked_at)
    )
    return tuple(map(_record_of, transaction.connection.execute(query).mappings()))


def _last_decisions(
    transaction: Transaction, project: Project | None, *, limit: int
) -> tuple[AuditEntry, ...]:
    c = tables.audit_entry.c
    is_of_it = true() if project is None else of_project(tables.audit_entry, project)
    query = (
        select(tables.audit_entry)
        .where(is_of_it, c.is_outcome.is_(False))
        .order_by(c.id.desc())
        .limit(limit)
    )
    rows = transaction.connection.execute(query).mappings().all()
    allowed = [row["action_id"] for row in rows if row["decision"] == Decision.ALLOWED.value]
    outcomes = select(tables.audit_entry).where(c.is_outcome, c.action_id.in_(allowed))
    came = {
        (row["team_id"], row["action_id"]): _finding_of(row)
        for row in transaction.connection.execute(outcomes).mappings()
    }
    return tuple(_entry_of(row, came) for row in rows)


def _teams_of(transaction: Transaction, project_id: str) -> tuple[str, ...]:
    """The workspaces that know a project."""
    knowing = (tables.subscription, tables.last_asked, tables.project, tables.audit_entry)
    queries = [
        select(table.c.team_id).where(table.c.project_id == project_id, table.c.team_id != "")
        for table in knowing
    ]
    return tuple(sorted(transaction.connection.scalars(union(*queries))))


def _entry_of(row: RowMapping, came: dict[tuple[str, str], Finding]) -> AuditEntry:
    finding = _finding_of(row)
    is_allowed = finding.decision is Decision.ALLOWED
    return AuditEntry(
        at=row["at"],
        attempt=_attempt_of(row, who=row["who"], action_id=row["action_id"]),
        finding=finding,
        outcome=came.get((row["team_id"], row["action_id"])) if is_allowed else None,
    )


def _finding_of(row: RowMapping) -> Finding:
    status = row["status"]
    return Finding(
        decision=Decision(row["decision"]),
        status=None if status is None else JobStatus(status),
        words=row["words"],
    )


def _record_of(row: RowMapping) -> ActionRecord:
    outcome = row["outcome"]
    return ActionRecord(
        attempt=_attempt_of(row, who=row["asked_by"], action_id=row["id"]),
        at=row["asked_at"],
        outcome=None if outcome is None else Decision(outcome),
    )


def _attempt_of(row: RowMapping, *, who: str, action_id: str) -> Attempt:
    return Attempt(
        project=project_of(row),
        job_id=JobId(row["job_id"]),
        action=JobAction(row["action"]),
        action_id=action_id,
        who=who,
        channel_id=row["channel_id"],
        job_name=row["job_name"],
    )


def _row_of(transaction: Transaction, attempt: Attempt) -> Row:
    return {
        "team_id": attempt.project.team_id,
        "id": attempt.action_id,
        "project_id": attempt.project.project_id,
        "job_id": attempt.job_id,
        "action": attempt.action.value,
        "asked_by": attempt.who,
        "channel_id": attempt.channel_id,
        "job_name": attempt.job_name,
        "asked_at": transaction.now,
    }


def _is(project: Project, action_id: str) -> ColumnElement[bool]:
    c = tables.action.c
    return and_(c.team_id == project.team_id, c.id == action_id)


class SqlActions(SqlPort):
    """What operators do: see the port."""

    count_begun = reading(_count_begun)
    begin = writing(_begin, is_for_copies=True)
    conclude = writing(_conclude)
    note_refused = writing(_note)
    find_used = reading(_find_used)
    abandoned = reading(_abandoned)
    last_decisions = reading(_last_decisions)
    teams_of = reading(_teams_of)
