"""The list of a project, as one read through all of its pages shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.job import JobId, Phase, VisualizationJob


@dataclass(frozen=True, slots=True, kw_only=True)
class OddRow:
    """A row of the list that cannot be read as a job."""

    #: Whose it is, if it says so.
    job_id: JobId | None
    #: What is wrong with it; completes "the list has ...".
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of a project."""

    #: Newest first.
    jobs: tuple[VisualizationJob, ...]
    #: When it was asked for, by our clock.
    read_at: datetime
    odd: tuple[OddRow, ...] = ()
    #: False if it does not have as many rows as it says: then what it lacks may exist all the same.
    is_whole: bool = True


_ACTIVE = frozenset({Phase.RUNNING, Phase.QUEUED, Phase.STOPPING})
_FAILED = frozenset({Phase.FAILED, Phase.DELETE_FAILED})


def by_urgency(jobs: Iterable[VisualizationJob]) -> list[VisualizationJob]:
    """The active ones, then those that failed, then the rest; each in the order given."""
    return sorted(jobs, key=_urgency)


def _urgency(job: VisualizationJob) -> int:
    phase = job.status.phase
    return 0 if phase in _ACTIVE else 1 if phase in _FAILED else 2


# The list comes in pages of this many jobs, one call each.
_JOBS_PER_PAGE = 100


def pages(jobs: int) -> int:
    """How many calls a list of so many jobs takes."""
    return jobs // _JOBS_PER_PAGE + 1
