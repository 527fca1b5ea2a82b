"""What came of reading one job by its own call, and what a list adds to it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Lease


class SingleRead(NamedTuple):
    """The job, that it was denied (neither job nor pause), or nothing that is known."""

    lease: Lease
    job: VisualizationJob | None = None
    #: How long to leave the job alone; None if something was observed.
    pause: timedelta | None = None
    #: Denied by the cloud, or answered by a 404 of whomever: the list may show the job.
    asks_for_list: bool = False

    def or_listed(self, listed: Mapping[JobId, VisualizationJob]) -> "SingleRead":
        """The same, or what the list shows of the job where its own call did not."""
        job = listed.get(self.lease.job_id) if self.asks_for_list else None
        return self if job is None else SingleRead(self.lease, job)
