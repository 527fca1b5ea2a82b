"""What is known of a job beside its state, and what is due of it: the Care port over SQL."""

from sqlalchemy import select

from bot.core.care import JobCare
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.store.caring.looking import LOOKED_AT_ONCE, Lookout, is_any_due, look_after
from bot.store.caring.usual_waits import UsualWaits
from bot.store.caring.words import claim, disclaim, keep, stop_keeping
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Database, Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.delivering.caring import cares


def _said_of(transaction: Transaction, project: Project, job: VisualizationJob) -> JobCare:
    return cares(transaction, project, {job.id: job})[job.id]


def _claimed_by(transaction: Transaction, project: Project, user_id: str) -> tuple[JobId, ...]:
    c = tables.care.c
    query = select(c.job_id).where(of_project(tables.care, project), c.owner == user_id)
    return tuple(map(JobId, transaction.connection.scalars(query.order_by(c.job_id))))


class SqlCare(SqlPort):
    """See the port."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._waits = UsualWaits()

    async def look_after(
        self, project: Project, rules: GuardRules, *, is_careful: bool = False
    ) -> bool:
        """True if there is more to look at."""
        # Mostly nothing is due: whoever writes need not wait for us to find that out.
        if not await self._database.read(lambda transaction: is_any_due(transaction, project)):
            return False
        lookout = Lookout(rules=rules, waits=self._waits)
        looked_at = await self._database.write(
            lambda transaction: look_after(transaction, project, lookout, is_careful=is_careful)
        )
        return looked_at == LOOKED_AT_ONCE

    said_of = reading(_said_of)
    claimed_by = reading(_claimed_by)
    keep = writing(keep)
    stop_keeping = writing(stop_keeping)
    claim = writing(claim)
    disclaim = writing(disclaim)
