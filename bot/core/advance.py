"""How one read changes a watched job: its new state, and the change to announce. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.absence import PRESENT, Absence, ListEvidence
from bot.core.change import NO_JOB, StatusChange, Step, has_changed, is_outdated
from bot.core.job import JobId, VisualizationJob
from bot.core.project import Project

_AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedJob:
    """A watched job of one workspace, as on record."""

    project: Project
    job_id: JobId
    #: The last good read, also after a deletion; None before the first one.
    job: VisualizationJob | None = None
    is_gone: bool = False
    #: When the job ended or was found deleted; None while it goes on.
    ended_at: datetime | None = None
    #: The number of its latest change; 0 before the first one.
    sequence: int = 0
    absence: Absence = PRESENT
    #: True while its cards say that no good read confirms them.
    is_stale: bool = False
    #: True after the workspace was away: cards show the next change, and no message announces it.
    is_rebased: bool = False

    @property
    def status(self) -> int:
        """Return the status number from which a change starts."""
        return NO_JOB if self.job is None or self.is_gone else int(self.job.status)

    def has_later(self, read: VisualizationJob) -> bool:
        """Return True if the record is newer than this read."""
        return self.job is not None and is_outdated(read, known_at=self.job.read_at)

    def has(self, read: VisualizationJob) -> bool:
        """Return True if the record holds this very read, or a later one."""
        is_same = self.job is not None and self.job.read_at == read.read_at
        return is_same or self.has_later(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """The effect of one read on a watched job."""

    before: WatchedJob
    after: WatchedJob
    change: StatusChange | None = None
    #: False if the read did not show the job.
    is_read: bool = True
    #: True if the job does not exist, so that a PENDING subscription waits in vain.
    is_withdrawn: bool = False

    @property
    def is_certain(self) -> bool:
        """Return True if the new state needs no confirmation: the job was read, or is deleted."""
        return self.is_read or self.after.is_gone

    @property
    def is_announced(self) -> bool:
        """Return True if places that want the change are notified; otherwise only cards show it."""
        return self.change is not None and not self.before.is_rebased

    @property
    def begins_run(self) -> bool:
        """Return True if another run of the job began, also one of which only the end was seen."""
        step = self.change.step if self.change else None
        return step is not None and (step.is_restart or step.follows_a_restart)

    @property
    def refreshes_cards(self) -> bool:
        """Return True if the cards must be edited although nothing changed."""
        return self.is_read and self.before.is_stale


def advance(
    known: WatchedJob,
    read: VisualizationJob | None,
    *,
    now: datetime,
    apart: timedelta = _AT_ONCE,
    is_news: bool = False,
) -> Advance:
    """Apply one read; None stands for a denial, and two denials `apart` prove a deletion.

    The first read is the baseline and no change, unless the appearance of the job `is_news`.
    """
    if read is None:
        return _conclude(known, known.absence.add_denial(now), now, apart)
    after = replace(
        known, job=read, is_gone=False, absence=PRESENT, is_stale=False, is_rebased=False
    )
    if known.job is not None and not known.is_gone and not has_changed(known.job, read):
        return Advance(before=known, after=after)
    step = Step(known.status, int(read.status))
    after = replace(after, ended_at=now if step.ends else None)
    if known.job is None and not is_news:
        return Advance(before=known, after=after)
    return _change(known, after, step, read, seen_at=read.read_at)


def skip(known: WatchedJob) -> Advance:
    """Return no effect, for a read that is outdated."""
    return Advance(before=known, after=known, is_read=False)


def apply_list(
    known: WatchedJob, evidence: ListEvidence, *, now: datetime, apart: timedelta
) -> Advance | None:
    """Apply a complete list to a denied job; return None if the list proves nothing."""
    if known.job_id in evidence.shown:
        return Advance(before=known, after=replace(known, absence=PRESENT), is_read=False)
    if not evidence.is_complete:
        return None
    return _conclude(known, known.absence.add_list_without(evidence.asked_at), now, apart)


def _conclude(known: WatchedJob, absence: Absence, now: datetime, apart: timedelta) -> Advance:
    after = replace(known, absence=absence)
    if known.is_gone:
        return Advance(before=known, after=after, is_read=False, is_withdrawn=True)
    if not absence.is_proved(apart=apart):
        return Advance(before=known, after=after, is_read=False)
    if known.job is None:
        after = replace(known, absence=PRESENT)
        return Advance(before=known, after=after, is_read=False, is_withdrawn=True)
    after = replace(after, is_gone=True, ended_at=now, is_stale=False, is_rebased=False)
    gone = _change(known, after, Step(known.status, NO_JOB), known.job, seen_at=now)
    return replace(gone, is_read=False, is_withdrawn=True)


def _change(
    known: WatchedJob, after: WatchedJob, step: Step, job: VisualizationJob, *, seen_at: datetime
) -> Advance:
    sequence = known.sequence + 1
    change = StatusChange(
        team_id=known.project.team_id,
        project_id=known.project.project_id,
        job=job,
        sequence=sequence,
        step=step,
        seen_at=seen_at,
        last_seen_at=known.job.read_at if known.job is not None else None,
    )
    return Advance(before=known, after=replace(after, sequence=sequence), change=change)
