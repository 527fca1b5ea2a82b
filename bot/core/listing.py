"""The list of a project, from one read of all its pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.job import JobId, Phase, VisualizationJob


@dataclass(frozen=True, slots=True, kw_only=True)
class OddRow:
    """A row of the list that cannot be parsed as a job."""

    #: The id of its job, if that can be read.
    job_id: JobId | None
    #: The fault; completes "the list has ...".
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of a project."""

    #: Newest first.
    jobs: tuple[VisualizationJob, ...]
    #: When the bot asked for it, by our clock.
    read_at: datetime
    odd: tuple[OddRow, ...] = ()
    #: False if it has fewer rows than its total says; then it proves no absence.
    is_whole: bool = True


_ACTIVE = frozenset({Phase.RUNNING, Phase.QUEUED, Phase.STOPPING})
_FAILED = frozenset({Phase.FAILED, Phase.DELETE_FAILED})


def by_urgency(jobs: Iterable[VisualizationJob]) -> list[VisualizationJob]:
    """Return active jobs first, then failed ones, then the rest; the order within each stays."""
    return sorted(jobs, key=_urgency)


def _urgency(job: VisualizationJob) -> int:
    phase = job.status.phase
    return 0 if phase in _ACTIVE else 1 if phase in _FAILED else 2


# The list comes in pages of so many jobs, one call each.
_JOBS_PER_PAGE = 100


def pages(jobs: int) -> int:
    """Return how many calls a list of so many jobs takes."""
    return jobs // _JOBS_PER_PAGE + 1
