"""Convert rows to the types of the core, and back. No SQL."""

from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping

from bot.core.absence import Absence
from bot.core.advance import WatchedJob
from bot.core.audience import LIVE_STATES
from bot.core.change import StatusChange, Step
from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.job import JobId, JobStatus, VisualizationJob
from bot.core.project import Project
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    Place,
    Preset,
    ProjectTarget,
    Subscription,
    SubscriptionState,
    Target,
    spelled_pattern,
)

#: A row to be written: values by column name.
Row = dict[str, Any]

FACTS = (
    "name",
    "description",
    "service_url",
    "train_url",
    "resource_id",
    "duration",
    "created_at",
    "read_at",
)


def facts_of(job: VisualizationJob) -> Row:
    """Return the columns with the facts of one answer, without the status."""
    return {name: getattr(job, name) for name in FACTS}


def job_of(row: RowMapping) -> VisualizationJob:
    """Return the job of a watched row or of a change. A job that was never read has the status
    UNKNOWN and, as its read_at, the time of its next poll."""
    facts = {name: row[name] for name in FACTS}
    if facts["read_at"] is None:
        facts["read_at"] = row["next_at"]
    return VisualizationJob(
        id=JobId(row["job_id"]), status=JobStatus(row["status"] or JobStatus.UNKNOWN), **facts
    )


def watched_of(row: RowMapping) -> WatchedJob:
    """Return the watched job of a row."""
    return WatchedJob(
        project=project_of(row),
        job_id=JobId(row["job_id"]),
        job=None if row["status"] is None else job_of(row),
        is_gone=row["is_gone"],
        ended_at=row["ended_at"],
        sequence=row["sequence"],
        absence=Absence(
            denials=row["absences"],
            first_denied_at=row["absent_since"],
            last_denied_at=row["absent_at"],
            unlisted_at=row["unlisted_at"],
        ),
        is_stale=row["stale_since"] is not None,
        is_rebased=bool(row["is_rebased"]),
    )


def watched_row(known: WatchedJob) -> Row:
    """Return the columns of a watched job, without its facts if it was never read."""
    job = known.job
    return {
        "is_gone": known.is_gone,
        "ended_at": known.ended_at,
        "sequence": known.sequence,
        **absence_row(known.absence),
        **({} if job is None else {"status": int(job.status), **facts_of(job)}),
    }


def absence_row(absence: Absence) -> Row:
    """Return the columns of the evidence that a job is gone."""
    return {
        "absences": absence.denials,
        "absent_since": absence.first_denied_at,
        "absent_at": absence.last_denied_at,
        "unlisted_at": absence.unlisted_at,
    }


def change_of(row: RowMapping) -> StatusChange:
    """Return the change of a history row."""
    return StatusChange(
        team_id=row["team_id"],
        project_id=row["project_id"],
        job=job_of(row),
        sequence=row["sequence"],
        step=Step(row["before"], row["after"]),
        seen_at=row["seen_at"],
        last_seen_at=row["last_seen_at"],
    )


def change_row(change: StatusChange) -> Row:
    """Return the history row of a change."""
    return {
        "team_id": change.team_id,
        "project_id": change.project_id,
        "job_id": change.job.id,
        "sequence": change.sequence,
        "before": change.step.before,
        "after": change.step.after,
        "seen_at": change.seen_at,
        "last_seen_at": change.last_seen_at,
        "status": int(change.job.status),
        **facts_of(change.job),
    }


# Cached, because a change may have ten thousand subscriptions, mostly with the same filter.
_event_filter = lru_cache(maxsize=100)(EventFilter)
_MODES = {mode.value: mode for mode in DeliveryMode}
_STATES = {state.value: state for state in SubscriptionState}

#: The `state` values of a subscription that gets changes, or will after its first read.
LIVE = tuple(state.value for state in LIVE_STATES)


def subscription_of(row: RowMapping) -> Subscription:
    """Return the subscription of a row."""
    return Subscription(
        id=row["id"],
        place=place_of(row),
        project_id=row["project_id"],
        target=_target(row["target_kind"], row["target"], row["job_id"]),
        event_filter=_event_filter(_filter_text(row)),
        delivery_mode=_MODES[row["telling"]],
        created_by=row["created_by"],
        created_at=row["created_at"],
        until=row["until"],
        state=_STATES[row["state"]],
        ended_at=row["ended_at"],
    )


def filter_row(event_filter: EventFilter) -> Row:
    """Return the columns of an event filter; see the table for how they encode `changes`."""
    if event_filter.text == Preset.CHANGES.value:
        return {"wanted": Preset.ALL.value, "preset": event_filter.text}
    return {"wanted": event_filter.text, "preset": None}


def _filter_text(row: RowMapping) -> str:
    wanted: str = row["wanted"]
    # An older version changes `wanted` and leaves the old preset, which counts only for `all`.
    return (row["preset"] or wanted) if wanted == Preset.ALL.value else wanted


def project_of(row: RowMapping) -> Project:
    """Return the project of a row."""
    return Project(team_id=row["team_id"], project_id=row["project_id"])


def place_of(row: RowMapping) -> Place:
    """Return the place of the row of a subscription, a delivery or a card."""
    return Place(team_id=row["team_id"], channel_id=row["channel_id"])


def target_row(target: Target) -> Row:
    """Return the columns that name a subscription's target."""
    match target:
        case JobTarget(job_id=job_id):
            return {"target_kind": "job", "target": target.text, "job_id": job_id}
        case PatternTarget():
            return {"target_kind": "pattern", "target": target.text, "job_id": 0}
        case ProjectTarget():
            return {"target_kind": "project", "target": target.text, "job_id": 0}


@lru_cache(maxsize=1000)
def _target(kind: str, text: str, job_id: int) -> Target:
    match kind:
        case "job":
            return JobTarget(JobId(job_id))
        case "pattern":
            # Earlier versions kept several stars in a row as they were typed.
            return PatternTarget(spelled_pattern(text))
        case _:
            return ProjectTarget(text)


def hold_of(row: RowMapping | Row) -> Hold:
    """Return the hold of a row."""
    return Hold(
        scope=HoldScope(
            team_id=row["team_id"],
            channel_id=row["channel_id"],
            project_id=row["project_id"],
            job_id=row["job_id"],
        ),
        reason=HoldReason(row["reason"]),
        words=row["words"],
        since=row["since"],
        until=row["until"],
    )
