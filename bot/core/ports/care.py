"""The port to the database for the guard's reminders, and for who owns or keeps a job."""

from typing import Protocol

from bot.core.care import JobCare, Keep, KeepVerdict, OwnerChange
from bot.core.guard import GuardRules
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project


class Guard(Protocol):
    """Enqueues reminders of jobs that run or wait for long. It uses recorded reads and calls no
    cloud."""

    async def look_after(
        self, project: Project, rules: GuardRules, *, is_careful: bool = False
    ) -> bool:
        """Look at the jobs that changed or whose next look is due, in one transaction; enqueue one
        delivery for each place that wants the reminder. Return True if more jobs are due.

        `is_careful` looks at each job in a savepoint of its own, slowly, and skips jobs that raise.
        Raises StoreUnavailable.
        """


class Care(Protocol):
    """Keeps and claims of jobs. Cards show both, so each change orders their edits.

    Every method is one transaction and raises StoreUnavailable; with a `request_key` that was used
    before it changes nothing and raises RequestRepeated.
    """

    async def care_of(self, project: Project, job: VisualizationJob) -> JobCare:
        """Return who keeps and who owns a job; its description may name the owner."""

    async def claimed_by(self, project: Project, user_id: str) -> tuple[JobId, ...]:
        """Return the jobs that a person has claimed, by ascending id."""

    async def keep(
        self, project: Project, job_id: JobId, lease: Keep, *, request_key: str = ""
    ) -> KeepVerdict:
        """Send no reminder of a running job's cost until the lease ends, and withdraw those that
        wait."""

    async def stop_keeping(
        self, project: Project, job_id: JobId, *, request_key: str = ""
    ) -> Keep | None:
        """End the lease of a job; return it, or None if there was none."""

    async def claim(
        self,
        project: Project,
        job: VisualizationJob,
        user_id: str,
        *,
        is_taken_over: bool,
        request_key: str = "",
    ) -> OwnerChange:
        """Make this person the owner. Another person's claim stays unless `is_taken_over`; an
        owner whom only the description names is always replaced."""

    async def disclaim(
        self,
        project: Project,
        job: VisualizationJob,
        user_id: str,
        *,
        back_to: str = "",
        request_key: str = "",
    ) -> OwnerChange:
        """Remove this person as the owner, also if the description names them; `back_to` becomes
        the owner again."""
