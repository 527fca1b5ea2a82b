"""Look at the jobs of which a guard notice may be due, and enqueue it; inside a transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import RowMapping, Select, false, null, or_, select

from bot.core.change import Step
from bot.core.guard import (
    GUARDED_PHASES,
    GuardedRead,
    GuardRules,
    GuardState,
    Look,
    look,
    marks_around,
    recipients_of,
)
from bot.core.job import JobId, JobStatus, Phase
from bot.core.project import Project
from bot.core.subscription import JobTarget, Subscription
from bot.store.audience.subscribers import subscriptions_of, sweeping_subscriptions
from bot.store.caring.baseline import MARKS_OF_BASELINE
from bot.store.caring.look_results import record_looks
from bot.store.caring.usual_waits import UsualWaits
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.care_tables import BASELINE
from bot.store.database.conditions import JOB_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import job_of
from bot.store.delivering.enqueue import enqueue_guard, refresh_cards

_log = structlog.get_logger(__name__)

#: At how many jobs one transaction looks.
LOOKED_AT_ONCE = 1_000

_GUARDED = tuple(code for code in JobStatus if code.phase in GUARDED_PHASES)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardInputs:
    """What a look needs beside the rows: the settings, and the usual waits."""

    rules: GuardRules
    waits: UsualWaits = field(default_factory=UsualWaits)


def is_any_due(transaction: Transaction, project: Project) -> bool:
    """True if a look at any job is due; it only reads."""
    found = _due(project).with_only_columns(tables.watched_job.c.job_id).limit(1)
    return transaction.connection.scalar(found) is not None


def look_after(
    transaction: Transaction, project: Project, inputs: GuardInputs, *, is_careful: bool = False
) -> int:
    """Look at the jobs that are due and return their number; `is_careful` skips those that fail.

    1. Lock the watched rows; the transactions that record a lease or an owner lock them, too.
    2. Bring each job up to date and decide what is due: bot.core.guard, from the row alone.
    3. Enqueue one delivery for each place that wants it; its computed id prevents a second one.
    4. Record what was found and when to look again.
    """
    query = _due(project).limit(LOOKED_AT_ONCE)
    locked = query.with_for_update(of=tables.watched_job, skip_locked=True)
    rows = transaction.connection.execute(locked).mappings().all()
    if is_careful:
        for row in rows:
            _look_apart(transaction, project, row, inputs)
    elif rows:
        _look_at(transaction, project, rows, inputs)
    return len(rows)


def _due(project: Project) -> Select[tuple[object, ...]]:
    """Select the polled jobs, confirmed by a good read, that changed or whose time has come."""
    watched, care = tables.watched_job, tables.care
    w, c = watched.c, care.c
    return (
        select(watched, *(column.label(f"care_{column.name}") for column in c))
        .select_from(watched.outerjoin(care, columns_equal(watched, care, JOB_KEY)))
        .where(
            of_project(watched, project),
            w.next_at.is_not(None),
            w.status.in_(_GUARDED),
            w.is_gone.is_(false()),
            w.absences == 0,
            w.stale_since.is_(null()),
            w.recorded_at.is_not(None),
            or_(
                c.sequence.is_(None),
                c.sequence != w.sequence,
                w.recorded_at >= c.look_at,
                w.duration >= c.look_past,
            ),
        )
        .order_by(w.job_id)
    )


def _look_apart(
    transaction: Transaction, project: Project, row: RowMapping, inputs: GuardInputs
) -> None:
    try:
        with transaction.connection.begin_nested():
            _look_at(transaction, project, [row], inputs)
    except Exception:  # noqa: BLE001 - our bug with one job must not stop the others
        _log.exception("care_failed", job=row["job_id"])


def _look_at(
    transaction: Transaction, project: Project, rows: Sequence[RowMapping], inputs: GuardInputs
) -> None:
    steps = _steps(transaction, project, rows)
    looks = [
        (row, _look(transaction, project, row, steps.get(row["job_id"], ()), inputs))
        for row in rows
    ]
    _tell(transaction, project, looks)
    record_looks(transaction, project, looks)
    ended = [row["job_id"] for row, one in looks if _has_ended(row, one)]
    if ended:
        refresh_cards(transaction, project, ended)


def _look(
    transaction: Transaction,
    project: Project,
    row: RowMapping,
    steps: Sequence[tuple[int, Step]],
    inputs: GuardInputs,
) -> Look:
    status = JobStatus(row["status"])
    is_waiting = status.phase is not Phase.RUNNING
    usual = inputs.waits.of(transaction, project, status.phase) if is_waiting else None
    seen = GuardedRead(
        status=status, duration=row["duration"], seen_at=row["recorded_at"], steps=steps
    )
    return look(_state_of(row, inputs.rules), seen, inputs.rules, usual_wait=usual)


def _state_of(row: RowMapping, rules: GuardRules) -> GuardState:
    if row["care_sequence"] is None:
        return GuardState(kept_until=row["care_kept_until"])
    mark = row["care_mark"]
    if mark == MARKS_OF_BASELINE:
        mark, _ = marks_around(row["care_counted"] or timedelta(), rules.hours)
    return GuardState(
        run=row["care_run"],
        running_since=row["care_running_since"],
        counted=row["care_counted"],
        mark=mark,
        wait=row["care_wait"],
        waiting_since=row["care_waiting_since"],
        is_stuck_told=row["care_is_stuck_told"],
        kept_until=row["care_kept_until"],
        looked_at=row["care_looked_at"],
    )


def _steps(
    transaction: Transaction, project: Project, rows: Sequence[RowMapping]
) -> Mapping[int, Sequence[tuple[int, Step]]]:
    """Return the changes of each job since its last look, in order."""
    since = {
        row["job_id"]: max(row["care_sequence"] or 0, 0)
        for row in rows
        if row["care_sequence"] != row["sequence"]
    }
    if not since:
        return {}
    c = tables.change.c
    query = (
        select(c.job_id, c.sequence, c.before, c.after)
        .where(of_project(tables.change, project), among(c.job_id, since))
        .order_by(c.job_id, c.sequence)
    )
    found: dict[int, list[tuple[int, Step]]] = {}
    for job_id, sequence, before, after in transaction.connection.execute(query):
        if sequence > since[job_id]:
            found.setdefault(job_id, []).append((sequence, Step(before, after)))
    return found


def _tell(
    transaction: Transaction, project: Project, looks: Sequence[tuple[RowMapping, Look]]
) -> None:
    due = [(row, one) for row, one in looks if one.notices and row["care_sequence"] != BASELINE]
    if not due:
        return
    own = subscriptions_of(transaction, project, [row["job_id"] for row, _ in due])
    sweeping = sweeping_subscriptions(transaction, project)
    for row, one in due:
        covering = [*_of_job(own, row["job_id"]), *sweeping]
        for notice in one.notices:
            told = recipients_of(
                notice,
                job_of(row),
                covering,
                looked_at=row["care_looked_at"],
                shown_at=row["care_shown_at"],
                now=transaction.now,
            )
            enqueue_guard(
                transaction, project, JobId(row["job_id"]), notice, told, sequence=row["sequence"]
            )


def _of_job(own: Collection[Subscription], job_id: int) -> list[Subscription]:
    return [one for one in own if isinstance(one.target, JobTarget) and one.target.job_id == job_id]


def _has_ended(row: RowMapping, found: Look) -> bool:
    """True if this look ended the job's lease."""
    return row["care_kept_until"] is not None and found.after.kept_until is None
