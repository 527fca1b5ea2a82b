"""The guard of running and waiting jobs: from what a good read shows to what is told of it. Pure.

All is decided as of the moment of the read, so that what is told was true then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.audience import Recipient, covering, loudest_of_each_place
from bot.core.care import GuardKind
from bot.core.change import Event, Step, phase_of
from bot.core.delivery import GuardFacts
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.subscription import Subscription

#: A job in one of these phases may be told of.
GUARDED_PHASES = frozenset({Phase.RUNNING, Phase.QUEUED, Phase.STOPPING})

_A_DAY = 24
_HOUR = timedelta(hours=1)
# So much may the cloud's count lag behind ours before it counts as standing still.
_LAG = timedelta(minutes=10)
# The usual wait is learned meanwhile: what waits is looked at again.
_WAITING = timedelta(minutes=1)
_SOON = timedelta(seconds=1)
# The settings may say otherwise by then.
_AT_LATEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRules:
    """What the settings say."""

    #: The first hour marks, ascending; after the last one each day is one. None: the guard is off.
    hours: tuple[int, ...]
    #: Who waits longer is stuck, until the project's own times are known.
    stuck_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a good read shows."""

    status: JobStatus
    duration: timedelta | None
    #: By the clock of the store.
    seen_at: datetime
    #: The changes since the last look, each with its sequence, in order.
    steps: Sequence[tuple[int, Step]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A job as it was when it was last looked at."""

    #: The sequence of the change with which the run began; 0 for one that went on already.
    run: int = 0
    #: When it was first seen running in this run, and what the cloud counted then.
    running_since: datetime | None = None
    counted: timedelta | None = None
    #: The highest hour mark of this run that was told, or passed while somebody kept the job.
    mark: int = 0
    #: The sequence of the change with which it began to wait; 0 for one that waited already.
    wait: int = 0
    #: When it was first seen queued or stopping, while it is.
    waiting_since: datetime | None = None
    is_stuck_told: bool = False
    kept_until: datetime | None = None
    #: When that look was; None before the first one.
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLength:
    """How long a job has run."""

    span: timedelta
    #: The cloud's count cannot be believed: this is how long we have seen it run.
    is_at_least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardNotice:
    """Something to be told."""

    facts: GuardFacts
    #: When it came true: later subscriptions are told in the answer to them.
    since: datetime
    #: What it is, once per place: the run and mark, the lease, or the wait.
    key: str

    @property
    def event(self) -> Event:
        """What a place must want to be told."""
        return Event.STUCK if self.facts.kind is GuardKind.STUCK else Event.COST


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at a job says and leaves behind."""

    after: Guarded
    notices: tuple[GuardNotice, ...] = ()
    #: A good read from then on is looked at again; None: after a change alone.
    look_at: datetime | None = None
    #: And one in which the cloud counts so much, whatever our clock says.
    look_past: timedelta | None = None


def look(
    known: Guarded, seen: Sighting, rules: GuardRules, *, usual_wait: timedelta | None
) -> Look:
    """Tell what is due of a job in a guarded phase. `usual_wait` is how long most jobs of the
    project stay in its phase; None until that is known."""
    known = catch_up(known, seen)
    if seen.status.phase is Phase.RUNNING:
        found = _look_at_run(known, seen, rules)
    else:
        found = _look_at_wait(known, seen, rules, usual_wait)
    return replace(found, after=replace(found.after, looked_at=seen.seen_at))


def catch_up(known: Guarded, seen: Sighting) -> Guarded:
    """Apply the changes since the last look: another run, another wait."""
    for sequence, step in seen.steps:
        if step.is_restart:
            known = _another_run(known, sequence, seen.seen_at)
        if step.is_restart or phase_of(step.before) is not phase_of(step.after):
            known = replace(known, wait=sequence, waiting_since=None, is_stuck_told=False)
    phase = seen.status.phase
    if phase is Phase.RUNNING:
        if known.running_since is None:
            known = replace(known, running_since=seen.seen_at, counted=seen.duration)
        return replace(known, waiting_since=None, is_stuck_told=False)
    return replace(known, waiting_since=known.waiting_since or seen.seen_at)


def _another_run(known: Guarded, sequence: int, now: datetime) -> Guarded:
    # A lease that ended while nothing ran is over: there was nothing to be told.
    is_kept = known.kept_until is not None and known.kept_until > now
    return replace(
        known,
        run=sequence,
        running_since=None,
        counted=None,
        mark=0,
        kept_until=known.kept_until if is_kept else None,
    )


def run_length(known: Guarded, seen: Sighting) -> RunLength:
    """How long a running job has run: as the cloud counts, unless that stands still."""
    observed = seen.seen_at - (known.running_since or seen.seen_at)
    if seen.duration is None:
        return RunLength(span=observed, is_at_least=True)
    counted = seen.duration - (known.counted or timedelta(0))
    if observed - counted > _LAG:
        return RunLength(span=observed, is_at_least=True)
    return RunLength(span=seen.duration, is_at_least=False)


def _look_at_run(known: Guarded, seen: Sighting, rules: GuardRules) -> Look:
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
    """The highest hour mark that a run of this length has passed, 0 for none, and the next one;
    None where the guard is off."""
    if not hours:
        return 0, None
    ran, last = span // _HOUR, hours[-1]
    if ran >= last:
        passed = last + (ran - last) // _A_DAY * _A_DAY
        return passed, passed + _A_DAY
    passed = max((mark for mark in hours if mark <= ran), default=0)
    return passed, min(mark for mark in hours if mark > ran)


def _mark_passed(known: Guarded, mark: int, length: RunLength, seen: Sighting) -> GuardNotice:
    return GuardNotice(
        facts=_run_facts(GuardKind.COST, mark, length),
        since=seen.seen_at - (length.span - mark * _HOUR),
        key=f"run {known.run}/cost {mark}",
    )


def _lease_over(known: Guarded, ended_at: datetime, length: RunLength) -> GuardNotice:
    return GuardNotice(
        facts=_run_facts(GuardKind.LEASE_OVER, length.span // _HOUR, length),
        since=ended_at,
        key=f"run {known.run}/lease {ended_at.timestamp():.3f}",
    )


def _run_facts(kind: GuardKind, hours: int, length: RunLength) -> GuardFacts:
    return GuardFacts(kind=kind, hours=hours, length=length.span, is_at_least=length.is_at_least)


def _look_at_wait(
    known: Guarded, seen: Sighting, rules: GuardRules, usual_wait: timedelta | None
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
    """Each place that is told, once. `looked_at` is when the job was looked at before; `shown_at`
    when a subscription began whose own first read showed what is told: from then on the answers
    have said it."""

    def is_news(subscribed_at: datetime) -> bool:
        if shown_at is not None:
            return subscribed_at < shown_at
        # What was not so at the last look has come true since, however fast the cloud counts.
        return looked_at is not None or subscribed_at <= notice.since

    return loudest_of_each_place(
        one
        for one in covering(subscriptions, job, now)
        if one.event_filter.names(notice.event) and is_news(one.created_at)
    )
