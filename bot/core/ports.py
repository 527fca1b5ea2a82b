"""The doors to the outside: what the workers need, said in the words of the domain."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.core.job import JobId, VisualizationJob

#: Aware UTC now. Read once per request or tick.
Clock = Callable[[], datetime]

#: Seconds that only go forward; for deadlines and ages, never shown.
Monotonic = Callable[[], float]


class JobSource(Protocol):
    """The cloud's jobs of one project.

    Everyone who asks for the same within a few seconds shares one read.
    """

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Read one job. Raises JobNotFound, SourceRefused or SourceUnavailable."""

    async def list_all(self) -> tuple[VisualizationJob, ...]:
        """Read every job of the project, newest first.

        All pages or nothing: raises SourceRefused or SourceUnavailable when one page fails.
        """


class Store(Protocol):
    """What survives a restart."""

    async def remember_asked(self, team_id: str, user_id: str, job_id: JobId) -> None:
        """This person last asked for this job."""

    async def last_asked(self, team_id: str, user_id: str) -> JobId | None:
        """The job this person last asked for, or None."""
