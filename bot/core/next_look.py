"""How often a job is read while nothing changes. Pure."""

from datetime import timedelta

from bot.core.job import ENDED_PHASES, JobStatus

#: An ended job is read in every third interval, and at least this often, in case it restarts.
ENDED_INTERVALS = 3
ENDED_AT_MOST = timedelta(minutes=5)


def until_next_look(status: JobStatus, interval: timedelta) -> timedelta:
    """Return the longest time until the next read of a job, if reads succeed."""
    if status.phase in ENDED_PHASES:
        return max(interval, min(ENDED_INTERVALS * interval, ENDED_AT_MOST))
    return interval
