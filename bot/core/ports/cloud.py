"""The port to the cloud."""

from typing import Protocol

from bot.core.acting import JobAction
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing


class JobSource(Protocol):
    """Reads the jobs of one project. Callers who ask for the same within a few seconds share a
    read."""

    @property
    def project_id(self) -> str:
        """Return the cloud's id of the project."""

    async def get(self, job_id: JobId) -> VisualizationJob:
        """Read one job. Raises JobNotFound, SourceRefused or SourceUnavailable."""

    def is_fresh(self, job_id: JobId | None) -> bool:
        """Return True if a read of this job (of the list for None) is under way or was made
        moments ago, so that another costs no call."""

    async def list_all(self) -> Listing:
        """Read every job of the project, all pages or nothing. Raises SourceRefused or
        SourceUnavailable if a page fails. A row that cannot be parsed hides no other row."""


class JobControl(Protocol):
    """Acts on the jobs of one project."""

    @property
    def project_id(self) -> str:
        """Return the cloud's id of the project."""

    async def read_now(self, job_id: JobId) -> VisualizationJob:
        """Read one job and share no earlier read. Raises as `JobSource.get` does."""

    async def act(self, job_id: JobId, action: JobAction) -> None:
        """Ask the cloud once for an action, without a retry; return when the cloud accepts it.

        Raises JobNotFound or SourceRefused if the cloud did not take it, SourceUnavailable if it
        may have.
        """


class Cloud(JobSource, JobControl, Protocol):
    """Everything that the bot asks of a cloud."""
