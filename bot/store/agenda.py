"""One question for all duties: mostly there is nothing to do, and to claim it costs far more."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, text

from bot.core.project import Project
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import OF_PROJECT, named
from bot.store.database.database import Transaction


class Agenda(NamedTuple):
    """What may be worth a claim; the claim decides."""

    may_watch: bool
    may_deliver: bool
    may_edit: bool
    may_rescan: bool
    may_tell_of_pauses: bool


# Each reads one index. Whatever makes a claim do something has to be here.
_WATCH = (
    f"EXISTS (SELECT 1 FROM watched_job WHERE {OF_PROJECT} AND next_at <= :now)"  # noqa: S608 - ours
    f" OR EXISTS (SELECT 1 FROM watched_job WHERE {OF_PROJECT} AND stale_at <= :now)"
    f" OR EXISTS (SELECT 1 FROM project WHERE {OF_PROJECT} AND next_at <= :now)"
    # Of any project: there is an index for no less.
    " OR EXISTS (SELECT 1 FROM subscription WHERE until <= :now AND state <> 'ended')"
)
_DELIVER = (
    f"EXISTS (SELECT 1 FROM delivery WHERE {OF_PROJECT} AND state = 'open'"  # noqa: S608 - ours
    "  AND (next_at IS NULL OR next_at <= :now)"
    # Always so; said for SQLite, which else would not read the index of what is open.
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


def read_agenda(transaction: Transaction, project: Project) -> Agenda:
    """What may be due now."""
    about = {**named(project), "now": transaction.now, "long_ago": _LONG_AGO}
    row = transaction.connection.execute(_LOOK, about).one()
    return Agenda(*map(bool, row))
