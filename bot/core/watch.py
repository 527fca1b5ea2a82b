"""Who wishes to hear of which job, and what counts as news. Pure: no clock, no I/O."""

import fnmatch
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from bot.core.job import ENDED_PHASES, JobId, JobStatus, Phase, VisualizationJob

#: In place of a status: the job is gone from the cloud (after), or was not known yet (before).
NO_JOB = -1

#: Restarted within this many hours after its end, a job takes its ended subscriptions up again.
REVIVAL_HOURS = 24


class Event(Enum):
    """What a change means to those who chose only some."""

    STARTED = "started"
    RUNNING = "running"
    FAILED = "failed"
    STOPPED = "stopped"
    FINISHED = "finished"
    DELETED = "deleted"


class Telling(Enum):
    """How a place hears: in the card's thread, by the card alone, or in the channel too."""

    THREAD = "thread"
    CARD = "card"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel or a direct message, by id: names change."""

    team_id: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class JobTarget:
    """One job."""

    job_id: JobId

    @property
    def text(self) -> str:
        return str(self.job_id)


@dataclass(frozen=True, slots=True)
class PatternTarget:
    """Every job whose name matches, `*` standing for anything."""

    pattern: str

    @property
    def text(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class ProjectTarget:
    """Every job of the project."""

    text: str = "project"


Target = JobTarget | PatternTarget | ProjectTarget


def matches(target: Target, job: VisualizationJob) -> bool:
    """True if the job is one of the target's."""
    match target:
        case JobTarget(job_id=job_id):
            return job.id == job_id
        case PatternTarget(pattern=pattern):
            return fnmatch.fnmatchcase(job.name.casefold(), pattern.casefold())
        case ProjectTarget():
            return True


@dataclass(frozen=True, slots=True)
class Step:
    """A move from one status number to another; NO_JOB stands for no job."""

    before: int
    after: int

    @property
    def event(self) -> Event | None:
        """What it means, or None for a step that only `all` hears of."""
        if self.after == NO_JOB:
            return Event.DELETED
        phase = JobStatus(self.after).phase
        if phase is Phase.QUEUED or self.after == JobStatus.SCALING:
            return Event.STARTED if self.leaves_an_end else None
        return _EVENTS.get(phase)

    @property
    def is_failure(self) -> bool:
        """Failed, or deleted while it had not ended."""
        if self.event is Event.DELETED:
            return not _is_ended(self.before)
        return self.event is Event.FAILED

    @property
    def leaves_an_end(self) -> bool:
        """A restart: it had ended, and goes on."""
        return _is_ended(self.before) and not _is_ended(self.after)

    @property
    def follows_a_restart(self) -> bool:
        """It had ended, and goes on or has ended otherwise: no poll may have seen it run."""
        return _is_ended(self.before) and self.after != NO_JOB

    @property
    def ends(self) -> bool:
        """It had not ended, and now has: finished, failed, stopped or deleted."""
        return self.after == NO_JOB or _is_ended(self.after)

    @property
    def calls_for_action(self) -> bool:
        """What people act on: ready to open, failed, ended, deleted."""
        return self.after == JobStatus.RUNNING or self.ends or self.event is Event.FAILED


def _is_ended(status: int) -> bool:
    return status == NO_JOB or JobStatus(status).phase in ENDED_PHASES


_EVENTS = {
    Phase.RUNNING: Event.RUNNING,
    Phase.FAILED: Event.FAILED,
    Phase.DELETE_FAILED: Event.FAILED,
    Phase.STOPPED: Event.STOPPED,
    Phase.FINISHED: Event.FINISHED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes a subscription wants: `all`, `failures`, or a list of events."""

    text: str = "all"

    def admits(self, step: Step) -> bool:
        """True if a change of this kind is told."""
        if self.text == "all":
            return True
        if self.text == "failures":
            return step.is_failure
        return step.event is not None and step.event.value in self.text.split(",")


class SubscriptionState(Enum):
    """Where a wish stands."""

    ACTIVE = "active"
    #: Its first good read of the job is still to come.
    PENDING = "pending"
    #: Its job has ended; it comes back if the job is restarted within REVIVAL_HOURS.
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A place's wish to hear of a target. It belongs to the place, not to who asked for it."""

    place: Place
    project_id: str
    target: Target
    wanted: Wanted
    telling: Telling
    created_by: str
    created_at: datetime
    until: datetime | None = None
    state: SubscriptionState = SubscriptionState.ACTIVE
    ended_at: datetime | None = None
    id: int = 0


class Lease(NamedTuple):
    """A watched job to be read, by whoever was given this.

    What is known of it stays in the store: most reads only confirm that.
    """

    team_id: str
    job_id: JobId
    #: Of the job: what was written since is newer.
    epoch: int
    #: What was leased together with it; each job of it is to be recorded or released once.
    stretch: int


class Finding(Enum):
    """What one good read of a watched job tells."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    #: The same status, but another run: the card is refreshed, and nothing is told.
    RESTARTED = "restarted"


def compare(before: VisualizationJob, now: VisualizationJob) -> Finding:
    """Set two reads of the same job side by side."""
    if before.status != now.status:
        return Finding.CHANGED
    is_younger = (
        before.created_at is not None
        and now.created_at is not None
        and now.created_at > before.created_at
    )
    is_shorter = (
        before.duration is not None and now.duration is not None and now.duration < before.duration
    )
    return Finding.RESTARTED if is_younger or is_shorter else Finding.UNCHANGED


def is_outdated(read: VisualizationJob, *, known_at: datetime) -> bool:
    """True for a read that was made before what is known: it would tell it backwards.

    Reads are shared for some seconds. A larger gap is a clock that was set, or another replica's,
    and no reason to wait until ours has caught up.
    """
    return timedelta(0) < known_at - read.read_at < _SHARED_AT_MOST


# More than any read is shared for.
_SHARED_AT_MOST = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One observed move, with the job's facts as read then (the last ones, if it is gone)."""

    team_id: str
    project_id: str
    job: VisualizationJob
    #: Counts the changes of this job in this workspace, from 1, and never restarts.
    sequence: int
    step: Step
    seen_at: datetime
    #: When the state before was last confirmed: the change lies between the two.
    last_seen_at: datetime | None
