"""The result of reading one job by its own call, and what the list adds to it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Lease


class SingleRead(NamedTuple):
    """The result of one read: the job; a denial (neither job nor pause); or a failure (a pause)."""

    lease: Lease
    job: VisualizationJob | None = None
    #: How long to pause the job after a failed read; None if it was read or denied.
    pause: timedelta | None = None
    #: The cloud denied the job, or the call got a 404 from elsewhere: the list may show the job.
    asks_for_list: bool = False

    def or_listed(self, listed: Mapping[JobId, VisualizationJob]) -> "SingleRead":
        """Return the list's job if this read asks for the list and the list has the job; else the
        same result."""
        job = listed.get(self.lease.job_id) if self.asks_for_list else None
        return self if job is None else SingleRead(self.lease, job)
