"""Add and update watched rows, with one statement for thousands of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping

from bot.core.advance import Advance
from bot.core.job import JobId
from bot.core.project import Project
from bot.store.database.bulk import BulkStatement, insertion, time_encoder
from bot.store.database.columns import MILLISECOND
from bot.store.database.conditions import project_key
from bot.store.database.database import Transaction
from bot.store.database.rows import Row, project_of, watched_row
from bot.store.watching.confirm_unchanged import READ, SOON
from bot.store.watching.staleness import CONFIRMED

#: The columns that a read may change, with their types, which only PostgreSQL needs.
_KEPT = {
    **READ,
    "duration": "bigint",
    "created_at": "timestamptz",
    "read_at": "timestamptz",
    "is_gone": "boolean",
    "ended_at": "timestamptz",
    "sequence": "integer",
    "absences": "integer",
    "absent_since": "timestamptz",
    "absent_at": "timestamptz",
    "unlisted_at": "timestamptz",
    "next_at": "timestamptz",
    "stale_at": "timestamptz",
    "stale_since": "timestamptz",
    "is_rebased": "boolean",
    "first_read_at": "timestamptz",
}
_SET = ", ".join(
    (
        "UPDATE watched_job SET epoch = watched_job.epoch + 1",
        "recorded_at = {now}",
        *(f"{name} = {{{name}}}" for name in _KEPT),
    )
)
_HELD = " AND ".join(
    f"watched_job.{name} = {{{name}}}" for name in ("team_id", "project_id", "job_id", "epoch")
)
_WRITE = BulkStatement(
    sqlite=f"{_SET} WHERE {_HELD}",
    postgresql=f"{_SET} FROM {{rows}} WHERE {_HELD}",
    shared=("team_id", "project_id", "now"),
    each={"job_id": "bigint", "epoch": "bigint", **_KEPT},
)
_ADD = insertion(
    "watched_job (team_id, project_id, job_id, name, description, service_url, train_url,"
    " resource_id, is_gone, sequence, absences, epoch, next_at)",
    "{team_id}, {project_id}, {job_id}, '', '', '', '', '', false, 0, 0, 0, {now}",
    "(team_id, project_id, job_id) DO NOTHING",
    shared=("team_id", "project_id", "now"),
    each={"job_id": "bigint"},
)


def add_unread(transaction: Transaction, project: Project, *job_ids: JobId) -> None:
    """Add the rows of jobs that were never read, due at once; existing rows stay as they are."""
    shared = {**project_key(project), "now": transaction.now}
    _ADD.run(transaction, shared, [(job_id,) for job_id in job_ids])


def write(
    transaction: Transaction,
    steps: Sequence[tuple[RowMapping, Advance]],
    *,
    next_in: Mapping[JobId, timedelta],
    unpolled: Collection[JobId],
) -> None:
    """Write what these reads made of the rows, which are locked and of one workspace."""
    row, _ = steps[0]
    shared = {**project_key(project_of(row)), "now": transaction.now}
    encode = time_encoder(transaction)
    rows = []
    for row, step in steps:
        after = _after(transaction, row, step, next_in, unpolled)
        values = (_encoded(after[name], encode) for name in _KEPT)
        rows.append((row["job_id"], row["epoch"], *values))
    _WRITE.run(transaction, shared, rows)


def _after(
    transaction: Transaction,
    row: RowMapping,
    step: Advance,
    next_in: Mapping[JobId, timedelta],
    unpolled: Collection[JobId],
) -> Row:
    after = {name: row[name] for name in _KEPT} | watched_row(step.after)
    after["next_at"] = transaction.now + next_in.get(JobId(row["job_id"]), SOON)
    if step.after.is_gone or row["job_id"] in unpolled:
        after["next_at"] = None
    if step.is_read and step.before.job is None:
        after["first_read_at"] = row["first_read_at"] or after["read_at"]
    if step.is_certain:
        after |= {**CONFIRMED, "is_rebased": None}
    return after


def _encoded(value: object, encode: Callable[[datetime], object]) -> object:
    if isinstance(value, datetime):
        return encode(value)
    return value // MILLISECOND if isinstance(value, timedelta) else value
