"""The audit: who decided what, and the outcome. Rows are never changed; old ones are removed."""

from dataclasses import replace

from sqlalchemy import RowMapping, select, true, union

from bot.core.acting import Attempt, AuditEntry, Decision, Finding, JobAction
from bot.core.job import JobId, JobStatus
from bot.core.project import Project
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import project_of


def note(transaction: Transaction, attempt: Attempt, finding: Finding) -> None:
    """Add a decision, or its outcome, to the audit."""
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
        "request_id": attempt.request_id,
    }
    transaction.connection.execute(tables.audit_entry.insert(), row)


def last_decisions(
    transaction: Transaction, project: Project | None, *, limit: int
) -> tuple[AuditEntry, ...]:
    """Return the last decisions of a project, or of all projects, latest first."""
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


def teams_of(transaction: Transaction, project_id: str) -> tuple[str, ...]:
    """Return the workspaces that have asked for a project, subscribed to it or acted on it."""
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
        attempt=replace(
            attempt_of(row, who=row["who"], action_id=row["action_id"]),
            request_id=row["request_id"],
        ),
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


def attempt_of(row: RowMapping, *, who: str, action_id: str) -> Attempt:
    """Return the attempt of a row of `action` or `audit_entry`."""
    return Attempt(
        project=project_of(row),
        job_id=JobId(row["job_id"]),
        action=JobAction(row["action"]),
        action_id=action_id,
        who=who,
        channel_id=row["channel_id"],
        job_name=row["job_name"],
    )
