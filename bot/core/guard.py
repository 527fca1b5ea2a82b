"""The guard of running and waiting jobs: decides from a good read which notices are due. Pure.

Every decision is as of the moment of the read, so that a notice was true then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.audience import Recipient, covering, one_recipient_per_place
from bot.core.care import GuardKind
from bot.core.change import Event, Step, phase_of
from bot.core.delivery import GuardFacts
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.subscription import Subscription

#: The phases in which a notice about a job is possible.
GUARDED_PHASES = frozenset({Phase.RUNNING, Phase.QUEUED, Phase.STOPPING})

_A_DAY = 24
_HOUR = timedelta(hours=1)
# If the cloud's count is behind ours by more than this, it counts as standing still.
_LAG = timedelta(minutes=10)
# A waiting job is looked at again, because the usual wait may be known by then.
_WAITING = timedelta(minutes=1)
_SOON = timedelta(seconds=1)
# Changed settings take effect at the next look.
_AT_LATEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRules:
    """The settings of the guard."""

    #: The first hour marks, ascending; later marks are whole days. Empty means that the guard is
    #: off.
    hours: tuple[int, ...]
    #: The longest usual wait, until the project's own waits are known.
    stuck_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedRead:
    """The facts of a good read."""

    status: JobStatus
    duration: timedelta | None
    #: By the clock of the store.
    seen_at: datetime
    #: The changes since the last look, each with its sequence, in order.
    steps: Sequence[tuple[int, Step]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardState:
    """The guard's record of a job after its last look."""

    #: The sequence of the change that began the run; 0 for a run that was under way when the watch
    #: began.
    run: int = 0
    #: When a read first showed this run running, and the cloud's count at that read.
    running_since: datetime | None = None
    counted: timedelta | None = None
    #: The highest hour mark of this run that was announced, or passed during a keep.
    mark: int = 0
    #: The sequence of the change that began the wait; 0 for a wait that was under way when the
    #: watch began.
    wait: int = 0
    #: When a read first showed it queued or stopping; None if it does not wait.
    waiting_since: datetime | None = None
    is_stuck_told: bool = False
    kept_until: datetime | None = None
    #: When the last look was; None before the first one.
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLength:
    """How long a job has run."""

    span: timedelta
    #: True if the cloud's count stands still, and this is the time for which we saw it run.
    is_at_least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardNotice:
    """A notice that is due."""

    facts: GuardFacts
    #: When it came true; the answer to a later subscription contains it.
    since: datetime
    #: Identifies the notice per place: the run and mark, the keep, or the wait.
    key: str

    @property
    def event(self) -> Event:
        """Return the event that a place's filter must admit."""
        return Event.STUCK if self.facts.kind is GuardKind.STUCK else Event.COST


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The result of one look at a job."""

    after: GuardState
    notices: tuple[GuardNotice, ...] = ()
    #: The next look follows a good read at or after this moment; None: only a change.
    look_at: datetime | None = None
    #: The next look also follows a read in which the cloud's count is past this.
    look_past: timedelta | None = None


def look(
    known: GuardState, seen: GuardedRead, rules: GuardRules, *, usual_wait: timedelta | None
) -> Look:
    """Return the notices that are due for a job in a guarded phase, and the new record.
    `usual_wait` is how long most jobs of the project stay in its phase; None if unknown."""
    known = catch_up(known, seen)
    if seen.status.phase is Phase.RUNNING:
        found = _look_at_run(known, seen, rules)
    else:
        found = _look_at_wait(known, seen, rules, usual_wait)
    return replace(found, after=replace(found.after, looked_at=seen.seen_at))


def catch_up(known: GuardState, seen: GuardedRead) -> GuardState:
    """Apply the changes since the last look: another run, another wait."""
    for sequence, step in seen.steps:
        if step.is_restart:
            known = _another_run(known, sequence)
        if step.is_restart or phase_of(step.before) is not phase_of(step.after):
            known = replace(known, wait=sequence, waiting_since=None, is_stuck_told=False)
    phase = seen.status.phase
    if phase is Phase.RUNNING:
        if known.running_since is None:
            known = replace(known, running_since=seen.seen_at, counted=seen.duration)
        return replace(known, waiting_since=None, is_stuck_told=False)
    return replace(known, waiting_since=known.waiting_since or seen.seen_at)


def _another_run(known: GuardState, sequence: int) -> GuardState:
    # The keep of the run before ended with it: a keep that exists now belongs to this run.
    return replace(known, run=sequence, running_since=None, counted=None, mark=0)


def run_length(known: GuardState, seen: GuardedRead) -> RunLength:
    """Return how long a running job has run, by the cloud's count unless that stands still."""
    observed = seen.seen_at - (known.running_since or seen.seen_at)
    if seen.duration is None:
        return RunLength(span=observed, is_at_least=True)
    counted = seen.duration - (known.counted or timedelta(0))
    if observed - counted > _LAG:
        return RunLength(span=observed, is_at_least=True)
    return RunLength(span=seen.duration, is_at_least=False)


def _look_at_run(known: GuardState, seen: GuardedRead, rules: GuardRules) -> Look:
    length = run_length(known, seen)
    passed, following = marks_around(length.span, rules.hours)
    latest = seen.seen_at + _AT_LATEST
    if known.kept_until is not None and known.kept_until > seen.seen_at:
        return Look(after=known, look_at=min(known.kept_until, latest))
    due: tuple[GuardNotice, ...] = ()
    if known.kept_until is not None:
        due = (_lease_over(known, known.kept_until, length),) if rules.hours else ()
    elif passed > known.mark:
        due = (_mark_passed(known, passed, length, seen),)
    after = replace(known, mark=max(known.mark, passed), kept_until=None)
    if following is None:
        return Look(after=after, look_at=latest)
    mark = following * _HOUR
    return Look(
        after=after,
        notices=due,
        look_at=min(seen.seen_at + (mark - length.span), latest),
        look_past=None if length.is_at_least else mark,
    )


def marks_around(span: timedelta, hours: Sequence[int]) -> tuple[int, int | None]:
    """Return the highest hour mark that a run of this length has passed (0 for none), and the
    next one (None if the guard is off)."""
    if not hours:
        return 0, None
    ran, last = span // _HOUR, hours[-1]
    if ran >= last:
        passed = last + (ran - last) // _A_DAY * _A_DAY
        return passed, passed + _A_DAY
    passed = max((mark for mark in hours if mark <= ran), default=0)
    return passed, min(mark for mark in hours if mark > ran)


def _mark_passed(known: GuardState, mark: int, length: RunLength, seen: GuardedRead) -> GuardNotice:
    return GuardNotice(
        facts=_run_facts(GuardKind.COST, mark, length),
        since=seen.seen_at - (length.span - mark * _HOUR),
        key=mark_key(known.run, mark),
    )


def mark_key(run: int, mark: int) -> str:
    """Return the key of an hour mark's reminder, one per run and place."""
    return f"run {run}/cost {mark}"


def _lease_over(known: GuardState, ended_at: datetime, length: RunLength) -> GuardNotice:
    return GuardNotice(
        facts=_run_facts(GuardKind.LEASE_OVER, length.span // _HOUR, length),
        since=ended_at,
        key=f"run {known.run}/lease {ended_at.timestamp():.3f}",
    )


def _run_facts(kind: GuardKind, hours: int, length: RunLength) -> GuardFacts:
    return GuardFacts(kind=kind, hours=hours, length=length.span, is_at_least=length.is_at_least)


def _look_at_wait(
    known: GuardState, seen: GuardedRead, rules: GuardRules, usual_wait: timedelta | None
) -> Look:
    since = known.waiting_since
    if since is None or known.is_stuck_told:
        return Look(after=known)
    waited = seen.seen_at - since
    limit = rules.stuck_after if usual_wait is None else usual_wait
    if waited <= limit:
        due_in = min(max(limit - waited, _SOON), _WAITING)
        return Look(after=known, look_at=seen.seen_at + due_in)
    facts = GuardFacts(kind=GuardKind.STUCK, hours=waited // _HOUR, length=waited, usual=usual_wait)
    notice = GuardNotice(facts=facts, since=since + limit, key=f"wait {known.wait}/stuck")
    return Look(after=replace(known, is_stuck_told=True), notices=(notice,))


def recipients_of(
    notice: GuardNotice,
    job: VisualizationJob,
    subscriptions: Iterable[Subscription],
    *,
    looked_at: datetime | None,
    shown_at: datetime | None = None,
    now: datetime,
) -> tuple[Recipient, ...]:
    """Return each place to notify, once. `looked_at` is the moment of the look before. From
    `shown_at` on the answers to new subscriptions contained the notice."""

    def is_news(subscribed_at: datetime) -> bool:
        if shown_at is not None:
            return subscribed_at < shown_at
        # If the last look did not find it true, it came true since, whatever the cloud counts.
        return looked_at is not None or subscribed_at <= notice.since

    return one_recipient_per_place(
        one
        for one in covering(subscriptions, job, now)
        if one.event_filter.names(notice.event) and is_news(one.created_at)
    )
