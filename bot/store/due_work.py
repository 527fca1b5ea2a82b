"""Ask in one query whether any duty has work, because an empty claim costs more than the query."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, text

from bot.core.project import Project
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import OF_PROJECT, project_key
from bot.store.database.database import Transaction


class DueWork(NamedTuple):
    """Which duties may have work; their claims decide."""

    may_watch: bool
    may_deliver: bool
    may_edit: bool
    may_rescan: bool
    may_announce_pauses: bool


# Each EXISTS reads one index. Every condition that gives a claim work must be among these.
_WATCH = (
    f"EXISTS (SELECT 1 FROM watched_job WHERE {OF_PROJECT} AND next_at <= :now)"  # noqa: S608 - ours
    f" OR EXISTS (SELECT 1 FROM watched_job WHERE {OF_PROJECT} AND stale_at <= :now)"
    f" OR EXISTS (SELECT 1 FROM project WHERE {OF_PROJECT} AND next_at <= :now)"
    # Of any project, because the index does not contain the project.
    " OR EXISTS (SELECT 1 FROM subscription WHERE until <= :now AND state <> 'ended')"
)
_DELIVER = (
    f"EXISTS (SELECT 1 FROM delivery WHERE {OF_PROJECT} AND state = 'open'"  # noqa: S608 - ours
    "  AND (next_at IS NULL OR next_at <= :now)"
    # Always true; without it SQLite would not use the index of open deliveries.
    "  AND turn_at > :long_ago)"
    " OR EXISTS (SELECT 1 FROM place_rules WHERE team_id = :team_id AND holds_at <= :now)"
)
_EDIT = (
    f"EXISTS (SELECT 1 FROM card WHERE {OF_PROJECT} AND wanted > shown"  # noqa: S608 - ours
    " AND next_at <= :now)"
)
_RESCAN = (
    "EXISTS (SELECT 1 FROM delivery WHERE team_id = :team_id AND rescan_at <= :now"
    " AND state = 'sent')"
)
_PAUSES = (
    "EXISTS (SELECT 1 FROM hold WHERE team_id = :team_id AND reason = 'refused'"
    " AND until IS NULL AND told_at IS NULL AND channel_id NOT LIKE 'D%')"
)
_LOOK = text(f"SELECT {_WATCH}, {_DELIVER}, {_EDIT}, {_RESCAN}, {_PAUSES}").bindparams(
    *(bindparam(name, type_=UtcTime) for name in ("now", "long_ago"))
)

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def find_due_work(transaction: Transaction, project: Project) -> DueWork:
    """Return which duties may have work now."""
    about = {**project_key(project), "now": transaction.now, "long_ago": _LONG_AGO}
    row = transaction.connection.execute(_LOOK, about).one()
    return DueWork(*map(bool, row))
