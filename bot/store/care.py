"""Leases, owners and guard notices of jobs: the Care and Guard ports over SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from bot.core.care import JobCare
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project
from bot.store.caring.keeps_and_claims import claim, disclaim, keep, stop_keeping
from bot.store.caring.looking import LOOKED_AT_ONCE, GuardInputs, is_any_due, look_after
from bot.store.caring.usual_waits import UsualWaits
from bot.store.database import tables
from bot.store.database.batched_reads import BatchedReads
from bot.store.database.conditions import of_project
from bot.store.database.database import Database, Transaction
from bot.store.database.port import SqlPort, reading, writing
from bot.store.delivering.job_care import read_care

_Asked = tuple[Project, VisualizationJob]


def _care_of_all(transaction: Transaction, asked: Collection[_Asked]) -> Mapping[_Asked, JobCare]:
    jobs: dict[Project, dict[int, VisualizationJob]] = defaultdict(dict)
    for project, job in asked:
        jobs[project][job.id] = job
    found_care = {project: read_care(transaction, project, its) for project, its in jobs.items()}
    return {(project, job): found_care[project][job.id] for project, job in asked}


def _claimed_by(transaction: Transaction, project: Project, user_id: str) -> tuple[JobId, ...]:
    c = tables.care.c
    query = select(c.job_id).where(of_project(tables.care, project), c.owner == user_id)
    return tuple(map(JobId, transaction.connection.scalars(query.order_by(c.job_id))))


class SqlCare(SqlPort):
    """The Care and Guard ports over SQL."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._waits = UsualWaits()
        self._care_reads = BatchedReads(self._read_care, writes_ended=lambda: database.writes_ended)

    async def care_of(self, project: Project, job: VisualizationJob) -> JobCare:
        """Return the lease and the owner of a job."""
        return await self._care_reads.get((project, job))

    async def look_after(
        self, project: Project, rules: GuardRules, *, is_careful: bool = False
    ) -> bool:
        """Look at the jobs that are due; True if more jobs may be due."""
        # Mostly nothing is due: check in a read, so that writers do not wait for the check.
        if not await self._database.read(lambda transaction: is_any_due(transaction, project)):
            return False
        inputs = GuardInputs(rules=rules, waits=self._waits)
        looked_at = await self._database.write(
            lambda transaction: look_after(transaction, project, inputs, is_careful=is_careful)
        )
        return looked_at == LOOKED_AT_ONCE

    async def _read_care(self, asked: Collection[_Asked]) -> Mapping[_Asked, JobCare]:
        return await self._database.read(lambda transaction: _care_of_all(transaction, asked))

    claimed_by = reading(_claimed_by)
    keep = writing(keep)
    stop_keeping = writing(stop_keeping)
    claim = writing(claim)
    disclaim = writing(disclaim)
