"""When to read a job or list again: often if a job will change soon, rarely after failures."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.absence import least_apart
from bot.core.job import ENDED_PHASES, JobStatus, Phase
from bot.core.listing import pages
from bot.core.next_look import until_next_look

# Seconds until the next read of a job that will change soon, by unchanged reads in a row.
_LADDER = (5.0, 10.0, 20.0, 30.0)
_STEADY = {Phase.RUNNING, Phase.UNKNOWN, Phase.DELETE_FAILED}

_FIRST_RETRY_SECONDS_AT_MOST = 15.0
# A tick, once a second, finds the reads that are due.
_TICK_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 300.0
# An interval below this is a demo's, whose first retries must not wait for minutes.
_DEMO_SECONDS = 5.0
_LONGEST_DEMO_PAUSE_INTERVALS = 10
_SHORT_DEMO_PAUSES = 60
# If only some reads fail, each interval still has a good one, so a longer silence is an outage.
_OUTAGE_INTERVALS = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often an installation reads the cloud."""

    #: Seconds between reads of a steady job.
    interval: float
    #: The budget of background calls; 0 for no limit of ours.
    calls_per_minute: int

    def until_next(self, status: JobStatus, *, unchanged: int) -> float:
        """Return the seconds until the next read of a job with this status; `unchanged` is how many
        reads in a row found no change."""
        if status.phase in ENDED_PHASES:
            return until_next_look(status, timedelta(seconds=self.interval)).total_seconds()
        if not is_on_its_way(status):
            return self.interval
        return min(_LADDER[min(unchanged, len(_LADDER) - 1)], self.interval)

    @property
    def ahead(self) -> timedelta:
        """How soon due a job must be for a list that is read now to serve it. So all watched jobs
        become due together, and one list in each interval serves them."""
        return timedelta(seconds=self.interval / 2)

    @property
    def until_confirmed(self) -> float:
        """Seconds that must pass between two denials of a job, for the second to count."""
        return least_apart(timedelta(seconds=self.interval)).total_seconds()

    def fair_pause(self, jobs: int) -> float:
        """Return the seconds between sweeps of this many jobs that keep within the call budget."""
        return pages(jobs) * 60 / self.calls_per_minute if self.calls_per_minute else 0.0

    def until_retry(self, failures: int, *, asked: float | None) -> float:
        """Return the seconds until a retry after this many failures in a row; at least `asked`, the
        pause that the cloud asked for.

        The first retry comes within twice the interval, and within 15 s. The pause is a tick
        shorter, because the tick that finds the retry due may come a second late.
        """
        first = min(2 * self.interval, _FIRST_RETRY_SECONDS_AT_MOST)
        pause = min(first * 2.0 ** min(failures - 1, 10), self._longest_pause(failures))
        return max(pause - min(self.interval, _TICK_SECONDS), asked or 0.0)

    def _longest_pause(self, failures: int) -> float:
        if self.interval < _DEMO_SECONDS and failures <= _SHORT_DEMO_PAUSES:
            return _LONGEST_DEMO_PAUSE_INTERVALS * self.interval
        return _LONGEST_PAUSE_SECONDS

    def is_outage(self, silence: timedelta) -> bool:
        """Return whether this time without a good read is an outage, if jobs are watched."""
        return silence.total_seconds() >= _OUTAGE_INTERVALS * self.interval


def is_on_its_way(status: JobStatus) -> bool:
    """Return whether another status is expected soon."""
    return status is JobStatus.SCALING or status.phase not in ENDED_PHASES | _STEADY
