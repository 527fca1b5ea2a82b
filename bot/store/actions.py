"""Record the actions of operators on jobs, each call of the cloud once: the ActionLog over SQL."""

from datetime import timedelta

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)

from bot.core.acting import ActionRecord, ActionStart, Attempt, Decision, Finding, StartVerdict
from bot.core.job import JobId, JobStatus
from bot.core.project import Project
from bot.store.auditing import attempt_of, last_decisions, note, teams_of
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.database.rows import Row
from bot.store.delivering.enqueue import refresh_cards

# DO NOTHING covers both unique keys: the one-use id, and the one unfinished call of a job.
_SPEND = text(
    "INSERT INTO action (team_id, id, project_id, job_id, action, asked_by, channel_id, job_name,"
    " asked_at) VALUES (:team_id, :id, :project_id, :job_id, :action, :asked_by, :channel_id,"
    " :job_name, :asked_at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("asked_at", type_=UtcTime))


def _count_concluded(transaction: Transaction, project: Project, job_id: JobId) -> int:
    query = _count(project, job_id).where(tables.action.c.outcome.is_not(None))
    return transaction.connection.scalar(query) or 0


def _count(project: Project, job_id: JobId) -> Select[int]:
    c = tables.action.c
    return select(func.count()).where(c.project_id == project.project_id, c.job_id == job_id)


def _begin(
    transaction: Transaction,
    attempt: Attempt,
    *,
    found: JobStatus,
    after: int,
    abandoned_after: timedelta,
) -> ActionStart:
    answer = _claimed(
        transaction, attempt, found=found, after=after, abandoned_after=abandoned_after
    )
    decision = _DECISIONS[answer.verdict]
    note(transaction, attempt, Finding(decision=decision, status=found))
    return answer


_DECISIONS = {
    StartVerdict.YES: Decision.ALLOWED,
    StartVerdict.USED: Decision.USED_ID,
    StartVerdict.BUSY: Decision.BUSY,
}


def _claimed(
    transaction: Transaction,
    attempt: Attempt,
    *,
    found: JobStatus,
    after: int,
    abandoned_after: timedelta,
) -> ActionStart:
    if used := _find_used(transaction, attempt.project, attempt.action_id):
        return ActionStart(verdict=StartVerdict.USED, other=used)
    other = _unfinished(transaction, attempt)
    if other is not None and transaction.now - other.at < abandoned_after:
        return ActionStart(verdict=StartVerdict.BUSY, other=other)
    if other is not None:
        # The abandoned call ended before the job was read, so that it counts as one of `after`.
        after += 1
        _conclude(transaction, other.attempt, Finding(decision=Decision.ABANDONED, status=found))
    if not _spend(transaction, attempt):
        # Another transaction has just used the id, or begun a call of the same job.
        if used := _find_used(transaction, attempt.project, attempt.action_id):
            return ActionStart(verdict=StartVerdict.USED, other=used)
        return ActionStart(verdict=StartVerdict.BUSY, other=_unfinished(transaction, attempt))
    # Count last: this row keeps every other call of the job from beginning now.
    begun = transaction.connection.scalar(_count(attempt.project, attempt.job_id))
    if begun == after + 1:
        return ActionStart(verdict=StartVerdict.YES)
    # Another call was unfinished when the job was read: its status may have changed since.
    transaction.connection.execute(
        delete(tables.action).where(_is(attempt.project, attempt.action_id))
    )
    return ActionStart(verdict=StartVerdict.BUSY, other=_latest(transaction, attempt))


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
    note(transaction, attempt, finding)
    _poll_at_once(transaction, attempt)
    refresh_cards(transaction, attempt.project, [attempt.job_id])
    return True


def _poll_at_once(transaction: Transaction, attempt: Attempt) -> None:
    """Make the job due at once; the full list, if only that covers the job."""
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


def _record_of(row: RowMapping) -> ActionRecord:
    outcome = row["outcome"]
    return ActionRecord(
        attempt=attempt_of(row, who=row["asked_by"], action_id=row["id"]),
        at=row["asked_at"],
        outcome=None if outcome is None else Decision(outcome),
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
    """The ActionLog port over SQL."""

    count_concluded = reading(_count_concluded)
    begin = writing(_begin, checkpoints_after=True)
    conclude = writing(_conclude)
    note_refused = writing(note)
    find_used = reading(_find_used)
    abandoned = reading(_abandoned)
    last_decisions = reading(last_decisions)
    teams_of = reading(teams_of)
