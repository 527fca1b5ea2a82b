"""What one read of a job changes: the step, its event, and the change. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.job import ENDED_PHASES, JobStatus, Phase, VisualizationJob
from bot.core.project import Project

#: In place of a status: the job is gone from the cloud (after), or was not known yet (before).
NO_JOB = -1


class Event(Enum):
    """What people may choose to be notified of; the last three are no change of status."""

    STARTED = "started"
    RUNNING = "running"
    FAILED = "failed"
    STOPPED = "stopped"
    FINISHED = "finished"
    DELETED = "deleted"
    STUCK = "stuck"
    COST = "cost"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Step:
    """A move from one status number to another; NO_JOB stands for no job.

    Where both are the same, it is another run: no poll saw the one before end.
    """

    before: int
    after: int

    @property
    def event(self) -> Event | None:
        """What the state after it means, or None where no list of events can name that."""
        if self.after == NO_JOB:
            return Event.DELETED
        phase = JobStatus(self.after).phase
        if phase is Phase.QUEUED or self.after == JobStatus.SCALING:
            return Event.STARTED if self.leaves_an_end else None
        return _EVENTS.get(phase)

    @property
    def events(self) -> frozenset[Event]:
        """All that it means: a restart that no poll saw is also a start."""
        unseen = {Event.STARTED} if self.is_unseen_restart else set()
        return frozenset(unseen | ({self.event} if self.event else set()))

    @property
    def is_unseen_restart(self) -> bool:
        """Another run in the same status."""
        return self.before == self.after

    @property
    def is_failure(self) -> bool:
        """Failed, or deleted while it had not ended."""
        if self.event is Event.DELETED:
            return not is_ended_status(self.before)
        return self.event is Event.FAILED

    @property
    def words(self) -> tuple[str, str]:
        """What people call the state before and after it."""
        return _word(self.before, "New"), _word(self.after, "Deleted")

    @property
    def changes_word(self) -> bool:
        """True if people call the state otherwise after it."""
        before, after = self.words
        return before != after

    @property
    def leaves_an_end(self) -> bool:
        """A restart that was seen: it had ended, and goes on."""
        return is_ended_status(self.before) and not is_ended_status(self.after)

    @property
    def is_restart(self) -> bool:
        """Another run of the job began, and it goes on or has ended again."""
        return self.leaves_an_end or self.is_unseen_restart

    @property
    def follows_a_restart(self) -> bool:
        """It had ended, and goes on or has ended otherwise: no poll may have seen it run."""
        return is_ended_status(self.before) and self.after != NO_JOB

    @property
    def ends(self) -> bool:
        """It had not ended, and now has: finished, failed, stopped or deleted."""
        return is_ended_status(self.after)

    @property
    def calls_for_action(self) -> bool:
        """What people act on: ready to open, failed, ended, deleted."""
        return self.after == JobStatus.RUNNING or self.ends or self.event is Event.FAILED


def phase_of(status: int) -> Phase | None:
    """How we group a status; None for no job."""
    return None if status == NO_JOB else JobStatus(status).phase


def is_ended_status(status: int) -> bool:
    return status == NO_JOB or JobStatus(status).phase in ENDED_PHASES


def _word(status: int, without_job: str) -> str:
    return without_job if status == NO_JOB else JobStatus(status).word


_EVENTS = {
    Phase.RUNNING: Event.RUNNING,
    Phase.FAILED: Event.FAILED,
    Phase.DELETE_FAILED: Event.FAILED,
    Phase.STOPPED: Event.STOPPED,
    Phase.FINISHED: Event.FINISHED,
}


#: A list and a single answer may round the same time otherwise, up and down to whole seconds.
ROUNDING = timedelta(seconds=1)


def has_changed(before: VisualizationJob, now: VisualizationJob) -> bool:
    """True if two reads of the same job, one after the other, show a change."""
    return before.status != now.status or _is_another_run(before, now)


def _is_another_run(before: VisualizationJob, now: VisualizationJob) -> bool:
    """True if the job is younger, or has run for a shorter time, by more than rounding.

    Either is enough: whether a restart moves the time of creation, the vendor does not say.
    """
    is_younger = (
        before.created_at is not None
        and now.created_at is not None
        and now.created_at - before.created_at > ROUNDING
    )
    is_shorter = (
        before.duration is not None
        and now.duration is not None
        and before.duration - now.duration > ROUNDING
    )
    return is_younger or is_shorter


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

    @property
    def project(self) -> Project:
        """Whose job it is."""
        return Project(team_id=self.team_id, project_id=self.project_id)
