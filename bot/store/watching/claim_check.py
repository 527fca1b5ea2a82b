"""Check in one query what is due before and beside a claim of watched jobs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text

from bot.core.project import Project
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import OF_PROJECT, project_key
from bot.store.database.database import Transaction

_LOOK = (
    "SELECT EXISTS (SELECT 1 FROM workspace"  # noqa: S608 - ours
    "  WHERE team_id = :team_id AND frozen_at IS NOT NULL),"
    f" EXISTS (SELECT 1 FROM subscription WHERE {OF_PROJECT}"
    "  AND until <= :now AND state <> 'ended'),"
    f" EXISTS (SELECT 1 FROM watched_job WHERE {OF_PROJECT} AND stale_at <= :now),"
    f" EXISTS (SELECT 1 FROM project WHERE {OF_PROJECT} AND next_at <= :soon),"
    f" EXISTS (SELECT 1 FROM project WHERE {OF_PROJECT} AND next_at IS NOT NULL),"
    f" coalesce((SELECT known_jobs FROM project WHERE {OF_PROJECT}), 0)"
)

# Two replicas must not lease the same jobs. This lock ends with the transaction.
_ALONE = ", pg_advisory_xact_lock(hashtextextended(:team_id || ' ' || :project_id, 7647562002))"

_TIMES = tuple(bindparam(name, type_=UtcTime) for name in ("now", "soon"))
_LOOKS = {
    "sqlite": text(_LOOK).bindparams(*_TIMES),
    "postgresql": text(_LOOK + _ALONE),
}


class ClaimCheck(NamedTuple):
    """What is due before and beside a claim; mostly nothing."""

    is_frozen: bool
    has_overdue_subscriptions: bool
    has_stale_cards: bool
    is_sweep_due: bool
    is_swept: bool
    known_jobs: int


def look(
    transaction: Transaction, project: Project, *, within: timedelta = timedelta()
) -> ClaimCheck:
    """Check everything in one query, because a query of its own for each costs more than its
    answer. `within` applies to the sweep only.

    On PostgreSQL no other replica can check this project until the end of the transaction.
    """
    connection = transaction.connection
    now = transaction.now
    about = {**project_key(project), "now": now, "soon": now + within}
    row: Sequence[Any] = connection.execute(_LOOKS[connection.dialect.name], about).one()
    return ClaimCheck(*row[:6])
