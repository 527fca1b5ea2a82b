"""Learn from a project's history how long its jobs usually wait, and cache it for 10 minutes."""

from datetime import datetime, timedelta

from sqlalchemy import and_, not_, or_, select

from bot.core.change import Step
from bot.core.job import JobStatus, Phase
from bot.core.project import Project
from bot.core.usual_wait import Crossing, usual_wait, waits
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction

_REMEMBERED = timedelta(minutes=10)
# Room for the beginning and the end of each wait that counts, and for waits without an end yet.
_CROSSINGS_READ = 1_000


class UsualWaits:
    """A cache of usual waits; replicas may differ for as long as each caches them."""

    def __init__(self) -> None:
        self._known: dict[tuple[Project, Phase], tuple[datetime, timedelta | None]] = {}

    def of(self, transaction: Transaction, project: Project, phase: Phase) -> timedelta | None:
        """Return what 95 of 100 waits in a phase did not exceed; None while too few are known."""
        learned_at, usual = self._known.get((project, phase), (None, None))
        if learned_at is None or not timedelta(0) <= transaction.now - learned_at < _REMEMBERED:
            usual = _learn(transaction, project, phase)
            self._known[project, phase] = transaction.now, usual
        return usual


def _learn(transaction: Transaction, project: Project, phase: Phase) -> timedelta | None:
    codes = [code for code in JobStatus if code.phase is phase]
    c = tables.change.c
    was, is_now = c.before.in_(codes), c.after.in_(codes)
    query = (
        select(c.job_id, c.sequence, c.before, c.after, c.seen_at)
        .where(
            of_project(tables.change, project),
            or_(was, is_now),
            or_(not_(and_(was, is_now)), c.before == c.after),
        )
        .order_by(c.seen_at.desc())
        .limit(_CROSSINGS_READ)
    )
    rows = sorted(transaction.connection.execute(query), key=lambda row: (row[0], row[1]))
    crossings = (
        Crossing(job_id=job_id, step=Step(before, after), seen_at=seen_at)
        for job_id, _, before, after, seen_at in rows
    )
    return usual_wait(waits(crossings, phase))
