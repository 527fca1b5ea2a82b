"""Record in the `care` rows what a look at the jobs found, and when the next look is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping

from bot.core.guard import Look
from bot.core.project import Project
from bot.store.database.bulk import insertion, time_encoder
from bot.store.database.columns import MILLISECOND
from bot.store.database.conditions import project_key
from bot.store.database.database import Transaction

# The columns that a look writes, with their types, which only PostgreSQL needs.
_LEFT = {
    "sequence": "integer",
    "run": "integer",
    "running_since": "timestamptz",
    "counted": "bigint",
    "mark": "integer",
    "wait": "integer",
    "waiting_since": "timestamptz",
    "is_stuck_told": "boolean",
    "looked_at": "timestamptz",
    "shown_at": "timestamptz",
    "look_at": "timestamptz",
    "look_past": "bigint",
    "kept_until": "timestamptz",
    "kept_by": "text",
}
_OF_GUARDED = tuple(
    name
    for name in _LEFT
    if name not in ("sequence", "look_at", "look_past", "shown_at", "kept_by")
)
_WRITE = insertion(
    f"care (team_id, project_id, job_id, {', '.join(_LEFT)})",
    f"{{team_id}}, {{project_id}}, {{job_id}}, {', '.join(f'{{{name}}}' for name in _LEFT)}",
    "(team_id, project_id, job_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _LEFT),
    shared=("team_id", "project_id"),
    each={"job_id": "bigint", **_LEFT},
)


def record_looks(
    transaction: Transaction, project: Project, looks: Sequence[tuple[RowMapping, Look]]
) -> None:
    """Write the looks; each is paired with the joined row as it was before the look."""
    encode = time_encoder(transaction)

    def encoded(value: object) -> object:
        if isinstance(value, datetime):
            return encode(value)
        return value // MILLISECOND if isinstance(value, timedelta) else value

    rows = []
    for row, one in looks:
        after = {name: getattr(one.after, name) for name in _OF_GUARDED} | {
            "sequence": row["sequence"],
            "look_at": one.look_at,
            "shown_at": None,
            "look_past": one.look_past,
            "kept_by": row["care_kept_by"] if one.after.kept_until else None,
        }
        rows.append((row["job_id"], *(encoded(after[name]) for name in _LEFT)))
    _WRITE.run(transaction, project_key(project), rows)
