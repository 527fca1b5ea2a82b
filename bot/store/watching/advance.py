"""From a watched row and one read of its job to the row as it will be. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping

from bot.core.absence import PRESENT, Absence, RollCall
from bot.core.change import NO_JOB, Finding, StatusChange, Step, compare
from bot.core.job import ENDED_PHASES, VisualizationJob
from bot.store.database.rows import Row, facts_of, job_of, status_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What a read does to a row: the columns that get new values, and what is told."""

    values: Row
    change: StatusChange | None = None
    #: Another run in the same status: the card is shown again.
    is_restart: bool = False
    #: It is not there: who waits for a first read waits in vain.
    is_withdrawn: bool = False


def advance(
    row: RowMapping,
    job: VisualizationJob | None,
    *,
    now: datetime,
    apart: timedelta = timedelta(0),
    is_news: bool = False,
) -> Advance:
    """Apply one read; None if the job was denied, which counts as bot.core.absence says.

    The first read is the baseline, unless it `is_news` that there is such a job.
    """
    if job is None:
        return _conclude(row, absence_of(row).deny(now), now, apart)
    values: Row = {
        "status": int(job.status),
        "is_gone": False,
        **_columns(PRESENT),
        "ended_at": row["ended_at"],
        "sequence": row["sequence"],
        **facts_of(job),
    }
    if row["status"] is None:
        values["ended_at"] = now if job.status.phase in ENDED_PHASES else None
        if not is_news:
            return Advance(values=values)
        values["sequence"] += 1
        change = _change(row, job, Step(NO_JOB, int(job.status)), job.read_at)
        return Advance(values=values, change=change)
    finding = compare(job_of(row), job)
    if not row["is_gone"] and finding is not Finding.CHANGED:
        return Advance(values=values, is_restart=finding is Finding.RESTARTED)
    step = Step(status_before(row), int(job.status))
    values["sequence"] += 1
    values["ended_at"] = now if step.ends else None
    return Advance(values=values, change=_change(row, job, step, job.read_at))


def hear(row: RowMapping, roll: RollCall, *, now: datetime, apart: timedelta) -> Advance | None:
    """Apply what a list says of a job that was denied; None if it says nothing."""
    if row["job_id"] in roll.shown:
        return Advance(values=_columns(PRESENT))
    if not roll.is_complete:
        return None
    return _conclude(row, absence_of(row).miss(roll.asked_at), now, apart)


def absence_of(row: RowMapping) -> Absence:
    """What a row knows of its job's absence."""
    return Absence(
        denials=row["absences"],
        first_denied_at=row["absent_since"],
        last_denied_at=row["absent_at"],
        unlisted_at=row["unlisted_at"],
    )


def _columns(absence: Absence) -> Row:
    return {
        "absences": absence.denials,
        "absent_since": absence.first_denied_at,
        "absent_at": absence.last_denied_at,
        "unlisted_at": absence.unlisted_at,
    }


def _conclude(row: RowMapping, absence: Absence, now: datetime, apart: timedelta) -> Advance:
    values = _columns(absence)
    if row["is_gone"]:
        return Advance(values=values, is_withdrawn=True)
    if not absence.is_proved(apart=apart):
        return Advance(values=values)
    if row["status"] is None:
        return Advance(values=_columns(PRESENT), is_withdrawn=True)
    values |= {"is_gone": True, "ended_at": now, "sequence": row["sequence"] + 1}
    change = _change(row, job_of(row), Step(row["status"], NO_JOB), now)
    return Advance(values=values, change=change, is_withdrawn=True)


def _change(row: RowMapping, job: VisualizationJob, step: Step, seen_at: datetime) -> StatusChange:
    return StatusChange(
        team_id=row["team_id"],
        project_id=row["project_id"],
        job=job,
        sequence=row["sequence"] + 1,
        step=step,
        seen_at=seen_at,
        last_seen_at=row["read_at"],
    )
