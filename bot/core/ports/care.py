"""The door to the database: what is said of jobs, and what is due of those that run or wait."""

from typing import Protocol

from bot.core.care import JobCare, Keep, KeepVerdict, OwnerChange
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project


class Guard(Protocol):
    """Tells of jobs that run or wait for long. It reads what the polls recorded, no cloud."""

    async def look_after(
        self, project: Project, rules: GuardRules, *, is_careful: bool = False
    ) -> bool:
        """Look at the jobs that changed, or whose time has come, in one transaction; enqueue a
        delivery for each place that wants what is due. True if there is more to look at.

        `is_careful` looks at each job apart, slowly, and leaves out those that break us. Raises
        StoreUnavailable.
        """


class Care(Protocol):
    """What people say of a job. Cards show it, so each change has them edited.

    Every method is one transaction and raises StoreUnavailable; with a `request_key` that was seen
    before it changes nothing and raises RequestRepeated.
    """

    async def said_of(self, project: Project, job: VisualizationJob) -> JobCare:
        """What people said of a job, also in its description."""

    async def claimed_by(self, project: Project, user_id: str) -> tuple[JobId, ...]:
        """The jobs that a person has claimed, in the order of their ids."""

    async def keep(
        self, project: Project, job_id: JobId, lease: Keep, *, request_key: str = ""
    ) -> KeepVerdict:
        """Tell no cost of a running job until then; what waits to be told of it is withdrawn."""

    async def stop_keeping(
        self, project: Project, job_id: JobId, *, request_key: str = ""
    ) -> Keep | None:
        """End the lease of a job; the one that was ended, if there was any."""

    async def claim(
        self,
        project: Project,
        job: VisualizationJob,
        user_id: str,
        *,
        is_taken_over: bool,
        request_key: str = "",
    ) -> OwnerChange:
        """Make a job somebody's. What somebody else has claimed stays theirs unless it
        `is_taken_over`; what a description says never stands in the way."""

    async def disclaim(
        self, project: Project, job: VisualizationJob, user_id: str, *, request_key: str = ""
    ) -> OwnerChange:
        """Make a job nobody's that is this person's, also by its description."""
