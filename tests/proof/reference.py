"""A minimal model of the store: wishes, jobs, changes, and which place gets which change."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.change import NO_JOB, StatusChange, Step
from bot.core.delivery_ids import delivery_id
from bot.core.job import JobId, JobStatus
from bot.core.subscription import DeliveryMode, Place, Subscription, SubscriptionState
from tests.store.world import job

_APART = timedelta(seconds=30)
_REVIVAL = timedelta(hours=24)


@dataclass(slots=True)
class Wish:
    """A place's subscription to one job."""

    terms: Subscription
    state: SubscriptionState
    ended_at: datetime | None = None


@dataclass(slots=True)
class Known:
    """A job as last observed; its status is None before the first good read."""

    status: int | None = None
    sequence: int = 0
    #: The run that the last read was of.
    run: int = 0
    #: When the job was first and last denied, and when the list was requested that lacks the job.
    denied: tuple[datetime, datetime] | None = None
    unlisted_at: datetime | None = None

    @property
    def is_absent(self) -> bool:
        """True if two denials, far enough apart, and a list show that the job is gone."""
        if self.denied is None or self.unlisted_at is None:
            return False
        first, last = self.denied
        return last - first >= _APART and self.unlisted_at >= first

    def clear(self) -> None:
        """Forget all denials, and the list that lacks the job."""
        self.denied = self.unlisted_at = None


@dataclass(slots=True)
class Told:
    """One change for one place; `end` is empty until the delivery is sent or dead."""

    place: Place
    change: StatusChange
    delivery_mode: DeliveryMode
    end: str = ""


@dataclass(slots=True)
class Reference:
    """The model. Its user sets `now`."""

    now: datetime
    wishes: dict[tuple[Place, JobId], Wish] = field(default_factory=dict)
    jobs: dict[JobId, Known] = field(default_factory=dict)
    changes: list[tuple[JobId, int, Step]] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)

    def subscribe(
        self, terms: Subscription, job_id: JobId, baseline: int | None, *, run: int
    ) -> bool:
        """Subscribe a place to a job; True if the subscription is new. A baseline counts as a read,
        and other places get its change."""
        self.jobs.setdefault(job_id, Known())
        if baseline is not None:
            self.read(job_id, baseline, run)
        existing = self.wishes.get((terms.place, job_id))
        state = SubscriptionState.PENDING if baseline is None else SubscriptionState.ACTIVE
        if existing is None:
            self.wishes[terms.place, job_id] = Wish(terms, state)
            return True
        had_ended = existing.state is SubscriptionState.ENDED
        existing.terms = terms
        if had_ended or baseline is not None:
            existing.state, existing.ended_at = state, None
        return had_ended

    def unsubscribe(self, place: Place) -> int:
        """Delete all subscriptions of a place, and return how many; earlier changes are still
        sent."""
        gone = [key for key in self.wishes if key[0] == place]
        for key in gone:
            del self.wishes[key]
        return len(gone)

    def read(self, job_id: JobId, status: int, run: int) -> None:
        """Record a good read of a job."""
        known = self.jobs[job_id]
        if known.status is not None and (known.status, known.run) != (status, run):
            self._change(job_id, Step(known.status, status))
        known.status, known.run = status, run
        self._confirm(job_id)

    def deny(self, job_id: JobId) -> None:
        """Record that the detail call denied a job."""
        known = self.jobs[job_id]
        known.denied = (known.denied[0] if known.denied else self.now, self.now)
        if known.status == NO_JOB:
            self._withdraw(job_id)
        self._conclude(job_id)

    def hear(self, shown: frozenset[JobId], *, is_complete: bool) -> None:
        """Record a list, requested now, that shows these jobs."""
        for job_id, known in self.jobs.items():
            if known.denied is None or known.status == NO_JOB:
                continue
            if job_id in shown:
                known.clear()
            elif is_complete:
                known.unlisted_at = self.now
                self._conclude(job_id)

    def _conclude(self, job_id: JobId) -> None:
        known = self.jobs[job_id]
        if not known.is_absent or known.status == NO_JOB:
            return
        if known.status is None:
            known.clear()
        else:
            self._change(job_id, Step(known.status, NO_JOB))
            known.status = NO_JOB
        self._withdraw(job_id)

    def is_wanted(self, job_id: JobId) -> bool:
        """Return whether a subscription is live, so that the job must be polled."""
        return any(
            wish.state is not SubscriptionState.ENDED
            for (_, wanted), wish in self.wishes.items()
            if wanted == job_id
        )

    def is_next(self, told: Told, *, beside: set[str]) -> bool:
        """Return whether no earlier change of the job is open for the place, besides `beside`."""
        return not any(
            not one.end and id not in beside and one.change.sequence < told.change.sequence
            for id, one in self.told.items()
            if (one.place, one.change.job.id) == (told.place, told.change.job.id)
        )

    def _confirm(self, job_id: JobId) -> None:
        self.jobs[job_id].clear()
        for (_, wanted), wish in self.wishes.items():
            if wanted == job_id and wish.state is SubscriptionState.PENDING:
                wish.state = SubscriptionState.ACTIVE

    def _withdraw(self, job_id: JobId) -> None:
        for key, wish in list(self.wishes.items()):
            if key[1] == job_id and wish.state is SubscriptionState.PENDING:
                del self.wishes[key]

    def _change(self, job_id: JobId, step: Step) -> None:
        known = self.jobs[job_id]
        known.sequence += 1
        self.changes.append((job_id, known.sequence, step))
        for (place, wanted), wish in self.wishes.items():
            if wanted != job_id:
                continue
            if self._hears(wish, step):
                change = _change_of(job_id, known.sequence, step, self.now)
                id = delivery_id(place, change)
                self.told[id] = Told(place, change, wish.terms.delivery_mode)
            self._end_or_revive(wish, step)

    def _hears(self, wish: Wish, step: Step) -> bool:
        is_awake = wish.state is SubscriptionState.ACTIVE
        is_awake |= step.follows_a_restart and self._can_revive(wish)
        return is_awake and wish.terms.event_filter.admits(step)

    def _end_or_revive(self, wish: Wish, step: Step) -> None:
        is_back = step.follows_a_restart and self._can_revive(wish)
        if step.ends and (is_back or wish.state is SubscriptionState.ACTIVE):
            wish.state, wish.ended_at = SubscriptionState.ENDED, self.now
        elif is_back:
            wish.state, wish.ended_at = SubscriptionState.ACTIVE, None

    def _can_revive(self, wish: Wish) -> bool:
        return wish.ended_at is not None and self.now - wish.ended_at <= _REVIVAL


def _change_of(job_id: JobId, sequence: int, step: Step, now: datetime) -> StatusChange:
    status = JobStatus(step.before if step.after == NO_JOB else step.after)
    return StatusChange(
        team_id="T1",
        project_id="p1",
        job=job(job_id, status),
        sequence=sequence,
        step=step,
        seen_at=now,
        last_seen_at=None,
    )
