"""The port to the database for stopping and restarting jobs: one call per press, and an audit."""

from datetime import timedelta
from typing import Protocol

from bot.core.acting import ActionRecord, ActionStart, Attempt, AuditEntry, Finding
from bot.core.job import JobId, JobStatus
from bot.core.project import Project


class ActionLog(Protocol):
    """Records every attempt to act on a job. Each method is one transaction and raises
    StoreUnavailable."""

    async def count_concluded(self, project: Project, job_id: JobId) -> int:
        """Return how many calls for a job are concluded. Ask before you read the state of the
        job."""

    async def begin(
        self, attempt: Attempt, *, found: JobStatus, after: int, abandoned_after: timedelta
    ) -> ActionStart:
        """Spend the one-use id and record the decision to call the cloud, or return why not.

        Refuses if more calls for the job began than the `after` ones that were concluded before the
        caller read its state. A call that began longer than `abandoned_after` ago is concluded
        first, because the process that made it is gone.
        """

    async def conclude(self, attempt: Attempt, finding: Finding) -> bool:
        """Record the outcome of a call, make the job due and order edits of its cards. Return
        False if an outcome is recorded already."""

    async def note_refused(self, attempt: Attempt, finding: Finding) -> None:
        """Record an attempt that was refused before any call to the cloud."""

    async def find_used(self, project: Project, action_id: str) -> ActionRecord | None:
        """Return how an id was used; None if nobody used it."""

    async def abandoned(self, project: Project, *, after: timedelta) -> tuple[ActionRecord, ...]:
        """Return the calls that began longer than `after` ago and are not concluded."""

    async def last_decisions(
        self, project: Project | None, *, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return the latest decisions of one project, or of all, latest first."""
