"""The difference between two reads of a job: the step, its event, and the change. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.core.job import ENDED_PHASES, JobStatus, Phase, VisualizationJob
from bot.core.project import Project

#: Stands for a status: the job is deleted (after), or was unknown (before).
NO_JOB = -1


class Event(Enum):
    """The changes that an event filter can name; the last three are no change of status."""

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
    """A move from one status number to another; NO_JOB stands for no job. Equal numbers mean
    another run: no poll saw the first one end."""

    before: int
    after: int

    @property
    def event(self) -> Event | None:
        """Return the event that the state after it stands for; None if no event filter can name
        it."""
        if self.after == NO_JOB:
            return Event.DELETED
        phase = JobStatus(self.after).phase
        if phase is Phase.QUEUED or self.after == JobStatus.SCALING:
            return Event.STARTED if self.leaves_an_end else None
        return _EVENTS.get(phase)

    @property
    def events(self) -> frozenset[Event]:
        """Return every event that it stands for: a restart between two polls is also a start."""
        unseen = {Event.STARTED} if self.is_unseen_restart else set()
        return frozenset(unseen | ({self.event} if self.event else set()))

    @property
    def is_unseen_restart(self) -> bool:
        """Return True if another run has the same status."""
        return self.before == self.after

    @property
    def is_failure(self) -> bool:
        """Return True if the job failed, or was deleted before its end."""
        if self.event is Event.DELETED:
            return not is_ended_status(self.before)
        return self.event is Event.FAILED

    @property
    def words(self) -> tuple[str, str]:
        """Return the everyday words for the states before and after it."""
        return _word(self.before, "New"), _word(self.after, "Deleted")

    @property
    def changes_word(self) -> bool:
        """Return True if the everyday word for the state differs afterwards."""
        before, after = self.words
        return before != after

    @property
    def leaves_an_end(self) -> bool:
        """Return True if the job had ended and goes on: a restart that polls saw."""
        return is_ended_status(self.before) and not is_ended_status(self.after)

    @property
    def is_restart(self) -> bool:
        """Return True if another run began, also if it ended again before a poll saw it."""
        return self.leaves_an_end or self.is_unseen_restart

    @property
    def follows_a_restart(self) -> bool:
        """Return True if the job had ended and is in another state now; no poll may have seen
        the run between."""
        return is_ended_status(self.before) and self.after != NO_JOB

    @property
    def ends(self) -> bool:
        """Return True if the job has now ended and had not before: finished, failed, stopped or
        deleted."""
        return is_ended_status(self.after)

    @property
    def calls_for_action(self) -> bool:
        """Return True if people may want to act: ready to open, failed, ended, deleted."""
        return self.after == JobStatus.RUNNING or self.ends or self.event is Event.FAILED


def phase_of(status: int) -> Phase | None:
    """Return our state of a status number; None for no job."""
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


#: A list and a single read may round the same time differently, up or down to whole seconds.
ROUNDING = timedelta(seconds=1)


def has_changed(before: VisualizationJob, now: VisualizationJob) -> bool:
    """Return True if two reads of a job, in this order, show a change."""
    return before.status != now.status or _is_another_run(before, now)


def _is_another_run(before: VisualizationJob, now: VisualizationJob) -> bool:
    """Return True if the job is younger, or has run for a shorter time, by more than rounding.
    Either suffices, because the vendor does not say whether a restart moves the time of
    creation."""
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
    """Return True for a read that is older than the record. Reads are shared for some seconds. A
    larger gap comes from a clock that was set or from another replica's clock, and is no reason
    to refuse the read."""
    return timedelta(0) < known_at - read.read_at < _SHARED_AT_MOST


# More than the time for which a read is shared.
_SHARED_AT_MOST = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One change that a poll saw, with the facts of the job at that read (the last known ones if
    the job is deleted)."""

    team_id: str
    project_id: str
    job: VisualizationJob
    #: The number of the change, from 1, per job and workspace; it never starts again.
    sequence: int
    step: Step
    seen_at: datetime
    #: When a read last confirmed the state before: the change happened between the two.
    last_seen_at: datetime | None

    @property
    def project(self) -> Project:
        """Return the project of the job."""
        return Project(team_id=self.team_id, project_id=self.project_id)
