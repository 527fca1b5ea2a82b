"""The door to the database, for what operators do to jobs: each call once, and who decided it."""

from datetime import timedelta
from typing import Protocol

from bot.core.acting import ActionRecord, Attempt, AuditEntry, Beginning, Finding
from bot.core.job import JobId, JobStatus
from bot.core.project import Project


class ActionLog(Protocol):
    """Which calls were allowed, and every decision. Each method is one transaction and raises
    StoreUnavailable."""

    async def count_concluded(self, project: Project, job_id: JobId) -> int:
        """How many calls of a job are over: to be asked before its state is read."""

    async def begin(
        self, attempt: Attempt, *, found: JobStatus, after: int, abandoned_after: timedelta
    ) -> Beginning:
        """Spend the id and record the decision, or say why not: so if any other call was begun
        than those `after` whose end the job was found so. A call of the same job that was begun so
        long ago is concluded first: whoever made it is gone."""

    async def conclude(self, attempt: Attempt, finding: Finding) -> bool:
        """Record what came of a call, poll the job at once and edit its cards. False if that was
        recorded before."""

    async def note_refused(self, attempt: Attempt, finding: Finding) -> None:
        """Record an attempt for which the cloud is not called."""

    async def find_used(self, project: Project, action_id: str) -> ActionRecord | None:
        """The use of an id; None for one that was not used."""

    async def abandoned(self, project: Project, *, after: timedelta) -> tuple[ActionRecord, ...]:
        """The calls that were begun so long ago and are not concluded."""

    async def last_decisions(
        self, project: Project | None, *, limit: int
    ) -> tuple[AuditEntry, ...]:
        """What was decided last of a project, or of all, latest first."""
