"""When to read again: what changes soon is read often, what fails is left alone for a while."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.absence import least_apart
from bot.core.job import ENDED_PHASES, JobStatus, Phase
from bot.core.listing import pages
from bot.core.next_look import until_next_look

# Seconds after each unchanged read of a job on its way from one state to the next.
_LADDER = (5.0, 10.0, 20.0, 30.0)
_STEADY = {Phase.RUNNING, Phase.UNKNOWN, Phase.DELETE_FAILED}

_FIRST_RETRY_SECONDS_AT_MOST = 15.0
# What is due is found by a tick that comes once a second.
_TICK_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 300.0
# Who reads more often than any installation, as the demo does, does not wait for minutes.
_DEMO_SECONDS = 5.0
_LONGEST_DEMO_PAUSE_INTERVALS = 10
# Other reads are good meanwhile if only some fail: then there is one in each interval.
_OUTAGE_INTERVALS = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often an installation reads the cloud."""

    #: Seconds between reads of a steady job.
    interval: float
    #: The budget of background calls; 0 for no limit of ours.
    calls_per_minute: int

    def until_next(self, status: JobStatus, *, unchanged: int) -> float:
        """Seconds until a job is read again that was the same so often in a row."""
        if status.phase in ENDED_PHASES:
            return until_next_look(status, timedelta(seconds=self.interval)).total_seconds()
        if not is_on_its_way(status):
            return self.interval
        return min(_LADDER[min(unchanged, len(_LADDER) - 1)], self.interval)

    @property
    def ahead(self) -> timedelta:
        """A list that is read serves what is due so soon as well: so all jobs that are watched
        come to be due together, and one list in each interval serves them."""
        return timedelta(seconds=self.interval / 2)

    @property
    def until_confirmed(self) -> float:
        """Seconds between two denials of a job, for the second to count."""
        return least_apart(timedelta(seconds=self.interval)).total_seconds()

    def fair_pause(self, jobs: int) -> float:
        """Seconds between sweeps of so many jobs that keep within the budget by themselves."""
        return pages(jobs) * 60 / self.calls_per_minute if self.calls_per_minute else 0.0

    def until_retry(self, failures: int, *, asked: float | None) -> float:
        """Seconds after so many failures in a row, or the pause that the cloud asked for if longer.

        The tick that finds it due has its second within the promise: twice the interval, 15 s at
        the most.
        """
        first = min(2 * self.interval, _FIRST_RETRY_SECONDS_AT_MOST)
        pause = min(first * 2.0 ** min(failures - 1, 10), self._longest_pause)
        return max(pause - min(self.interval, _TICK_SECONDS), asked or 0.0)

    @property
    def _longest_pause(self) -> float:
        if self.interval < _DEMO_SECONDS:
            return _LONGEST_DEMO_PAUSE_INTERVALS * self.interval
        return _LONGEST_PAUSE_SECONDS

    def is_outage(self, silence: timedelta) -> bool:
        """True if for so long not one read was good, where jobs are watched."""
        return silence.total_seconds() >= _OUTAGE_INTERVALS * self.interval


def is_on_its_way(status: JobStatus) -> bool:
    """True if another status is expected soon."""
    return status is JobStatus.SCALING or status.phase not in ENDED_PHASES | _STEADY
