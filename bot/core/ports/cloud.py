"""The door to the cloud."""

from typing import Protocol

from bot.core.acting import JobAction
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing


class JobSource(Protocol):
    """The cloud's jobs of one project.

    Everyone who asks for the same within a few seconds shares one read.
    """

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Read one job. Raises JobNotFound, SourceRefused or SourceUnavailable."""

    def is_fresh(self, job_id: JobId | None) -> bool:
        """True if this job, or the list for None, is being read or was just read: to ask for it
        costs the cloud nothing."""

    async def list_all(self) -> Listing:
        """Read every job of the project.

        All pages or nothing: raises SourceRefused or SourceUnavailable when one page fails. A row
        that cannot be read hides no other.
        """


class JobControl(Protocol):
    """What can be done to the jobs of one project."""

    @property
    def project_id(self) -> str:
        """The cloud's id of the project."""

    async def read_now(self, job_id: JobId) -> VisualizationJob:
        """Read one job, whatever was just read of it. Raises as `JobSource.get` does."""

    async def act(self, job_id: JobId, action: JobAction) -> None:
        """Ask once, and never again by itself; returns where the cloud accepts it.

        Raises JobNotFound or SourceRefused where it surely did not, SourceUnavailable where nobody
        knows.
        """


class Cloud(JobSource, JobControl, Protocol):
    """All of it."""
