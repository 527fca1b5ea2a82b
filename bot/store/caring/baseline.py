"""Record how long a job had run when it was subscribed to: the answer stated that, so that the
next look notifies the subscription of later marks only."""

from datetime import datetime

from sqlalchemy import bindparam, text

from bot.core.job import Phase, VisualizationJob
from bot.core.project import Project
from bot.store.database.columns import Span, UtcTime
from bot.store.database.conditions import project_key
from bot.store.database.database import Transaction

#: Stored instead of a mark: it stands for the highest hour mark that `counted` had passed.
MARKS_OF_BASELINE = -1

_NOTE = text(
    "INSERT INTO care (team_id, project_id, job_id, sequence, run, running_since, counted, mark,"
    " wait, is_stuck_told, looked_at, look_at)"
    " SELECT team_id, project_id, job_id, sequence, 0, :running_since, :counted, :mark, 0, false,"
    " :now, :now FROM watched_job"
    " WHERE team_id = :team_id AND project_id = :project_id AND job_id = :job_id"
    " ON CONFLICT (team_id, project_id, job_id) DO UPDATE SET sequence = excluded.sequence,"
    " running_since = excluded.running_since, counted = excluded.counted, mark = excluded.mark,"
    " looked_at = excluded.looked_at, look_at = excluded.look_at"
    " WHERE care.sequence IS NULL"
).bindparams(
    bindparam("running_since", type_=UtcTime),
    bindparam("counted", type_=Span),
    bindparam("now", type_=UtcTime),
)

# The read shows more than the last look did: older subscriptions are still to be notified of it.
_SHOW = text(
    "UPDATE care SET shown_at = :created_at"
    " WHERE team_id = :team_id AND project_id = :project_id AND job_id = :job_id"
    " AND sequence IS NOT NULL AND shown_at IS NULL AND (look_past <= :counted OR sequence <>"
    " (SELECT w.sequence FROM watched_job w WHERE w.team_id = care.team_id"
    " AND w.project_id = care.project_id AND w.job_id = care.job_id))"
).bindparams(bindparam("created_at", type_=UtcTime), bindparam("counted", type_=Span))


def note_baseline(
    transaction: Transaction, project: Project, job: VisualizationJob, *, created_at: datetime
) -> None:
    """Record how long the job has run by now, for a subscription that begins with this read."""
    is_running = job.status.phase is Phase.RUNNING
    if is_running:
        shown = {"job_id": job.id, "created_at": created_at, "counted": job.duration}
        transaction.connection.execute(_SHOW, {**project_key(project), **shown})
    row = {
        **project_key(project),
        "job_id": job.id,
        "running_since": transaction.now if is_running else None,
        "counted": job.duration if is_running else None,
        "mark": MARKS_OF_BASELINE if is_running else 0,
        "now": transaction.now,
    }
    transaction.connection.execute(_NOTE, row)
