"""How often a job is looked at while nothing changes. Pure."""

from datetime import timedelta

from bot.core.job import ENDED_PHASES, JobStatus

#: An ended job is looked at in every third interval, in case it is restarted; this rarely at most.
ENDED_INTERVALS = 3
ENDED_AT_MOST = timedelta(minutes=5)


def until_next_look(status: JobStatus, interval: timedelta) -> timedelta:
    """How long until a job is read again at the latest, where reads are good."""
    if status.phase in ENDED_PHASES:
        return max(interval, min(ENDED_INTERVALS * interval, ENDED_AT_MOST))
    return interval
