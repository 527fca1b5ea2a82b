"""Count the reads of the cloud that no person asked for."""

from collections.abc import Awaitable
from typing import TypeVar

from bot.catalog import Catalog
from bot.core.errors import JobNotFound, JobSourceError
from bot.core.job import JobId, VisualizationJob
from bot.core.listing import Listing
from bot.core.ports.meter import Meter, PollOutcome
from bot.core.project import Project

_T = TypeVar("_T")


class BackgroundReads:
    """The catalog's reads for the watch and the index, counted by outcome."""

    def __init__(self, catalog: Catalog, meter: Meter) -> None:
        self._catalog = catalog
        self._meter = meter

    async def sweep(self, project: Project) -> Listing:
        """Read all jobs. Raises JobSourceError."""
        return await self._counted(self._catalog.sweep(project))

    async def get(self, project: Project, job_id: JobId) -> VisualizationJob:
        """Read one job. Raises JobSourceError."""
        return await self._counted(self._catalog.get(project, job_id))

    async def _counted(self, read: Awaitable[_T]) -> _T:
        try:
            answer = await read
        except JobNotFound:
            self._meter.count_poll(PollOutcome.DENIED)
            raise
        except JobSourceError:
            self._meter.count_poll(PollOutcome.FAILED)
            raise
        self._meter.count_poll(PollOutcome.GOOD)
        return answer
