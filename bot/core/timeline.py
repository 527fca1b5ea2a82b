"""The states of a job over time, from what polls saw of it: spans, runs and running hours. Pure.

What no poll saw is no state: the time between two reads that are far apart is a span of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.core.change import NO_JOB, Step, is_ended_status, phase_of
from bot.core.job import JobStatus, Phase, VisualizationJob

NO_TIME = timedelta(0)
# Reads are seldom further apart than that, whatever the interval of the polls.
_SHORTEST_GAP = timedelta(minutes=2)
_INTERVALS_OF_A_GAP = 3


class SeenStep(NamedTuple):
    """A change as far as time is concerned."""

    step: Step
    seen_at: datetime
    #: When the state before was last confirmed: it happened between the two.
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """What is recorded of a job."""

    #: As last read.
    job: VisualizationJob
    #: Since when it is watched.
    watched_since: datetime
    #: False where that is only known to be no later: an older version did not keep it.
    is_since_exact: bool = True
    is_gone: bool = False
    #: Those of its changes that are asked for, in their order.
    changes: tuple[SeenStep, ...] = ()
    #: From when on these are all that there were; None for since it is watched.
    complete_from: datetime | None = None

    @property
    def known_from(self) -> datetime:
        """From when on its states are known."""
        return self.complete_from or self.watched_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in one state."""

    begin: datetime
    end: datetime
    #: The vendor's number, NO_JOB for a job that is gone; None where nobody looked.
    status: int | None
    #: It was in this state before, for nobody knows how long.
    is_begin_open: bool = False
    #: It is in this state still, as far as the last read says.
    is_end_open: bool = False
    #: Another run of the job began with it, or was over by then.
    is_new_run: bool = False

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.begin

    @property
    def phase(self) -> Phase | None:
        """How we group the state; None for a job that is gone, and where nobody looked."""
        return None if self.status is None else phase_of(self.status)

    @property
    def is_running(self) -> bool:
        """True for the time that is charged for."""
        return self.phase is Phase.RUNNING

    @property
    def is_unseen(self) -> bool:
        """True where nobody looked."""
        return self.status is None

    @property
    def is_ended(self) -> bool:
        """True if no run was under way."""
        return self.status is not None and is_ended_status(self.status)

    @property
    def word(self) -> str:
        """What people call it."""
        if self.status is None:
            return "Not seen"
        return "Deleted" if self.status == NO_JOB else JobStatus(self.status).word


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is recorded of jobs."""

    jobs: tuple[JobRecord, ...]
    #: Since when the first job of the project is watched; None before the first read of one.
    watched_since: datetime | None
    #: False where that is only known to be no later.
    is_since_exact: bool = True


def longest_gap(interval: timedelta) -> timedelta:
    """How far apart two reads are at most that leave no doubt, where polls come so often."""
    return max(_INTERVALS_OF_A_GAP * interval, _SHORTEST_GAP)


def timeline(
    record: JobRecord, *, begin: datetime, end: datetime, gap: timedelta
) -> tuple[Span, ...]:
    """The spans between two moments, oldest first, without holes from its first read on.

    Reads that are further apart than `gap` leave a span in which nobody looked.
    """
    start = max(begin, record.known_from)
    if start >= end:
        return ()
    return tuple(_clipped(_spans(record, end, gap), start, end))


def _spans(record: JobRecord, end: datetime, gap: timedelta) -> Iterator[Span]:
    at, is_first, is_new_run = record.watched_since, True, False
    for change in record.changes:
        seen = max(change.seen_at, at)
        is_appearing = is_first and change.step.before == NO_JOB
        if not is_appearing:
            span = Span(
                begin=at,
                end=seen,
                status=change.step.before,
                is_begin_open=is_first,
                is_new_run=is_new_run,
            )
            yield from _confirmed(span, change.last_seen_at or seen, gap)
        at, is_first, is_new_run = seen, False, _begins_run(change) and not is_appearing
    status = record.changes[-1].step.after if record.changes else _status(record)
    end = max(end, at)
    span = Span(
        begin=at,
        end=end,
        status=status,
        is_begin_open=is_first,
        is_end_open=True,
        is_new_run=is_new_run,
    )
    # What is charged for must have been seen: the last state holds up to the last good read.
    yield from _confirmed(span, record.job.read_at, gap, until_now=True)


def _confirmed(
    span: Span, last_seen: datetime, gap: timedelta, *, until_now: bool = False
) -> Iterator[Span]:
    """A state as long as reads showed it; then the time in which nobody looked, if it is long."""
    if span.status == NO_JOB:
        yield span
        return
    known = min(max(last_seen, span.begin), span.end)
    is_long = span.end - known > gap
    yield replace(span, end=known) if is_long or until_now else span
    if is_long:
        yield Span(begin=known, end=span.end, status=None)


def _status(record: JobRecord) -> int:
    return NO_JOB if record.is_gone else int(record.job.status)


def _begins_run(change: SeenStep) -> bool:
    step = change.step
    return step.is_unseen_restart or step.follows_a_restart


def _clipped(spans: Iterable[Span], start: datetime, end: datetime) -> Iterator[Span]:
    """Those parts that lie between two moments; what began before them is open."""
    for span in spans:
        begin, until = max(span.begin, start), min(span.end, end)
        # A run that no poll saw for longer than a moment was one all the same.
        is_seen = until > begin or (span.is_new_run and start < span.begin <= end)
        if is_seen and begin == span.begin and until == span.end:
            yield span
        elif is_seen:
            yield replace(
                span,
                begin=begin,
                end=max(until, begin),
                is_begin_open=span.is_begin_open or span.begin < start,
                is_end_open=span.is_end_open,
                is_new_run=span.is_new_run and span.begin >= start,
            )


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same, with those made one that people call the same."""
    kept: list[Span] = []
    for span in spans:
        if kept and kept[-1].word == span.word and not span.is_new_run:
            kept[-1] = replace(
                kept[-1], end=span.end, status=span.status, is_end_open=span.is_end_open
            )
        else:
            kept.append(span)
    return tuple(kept)


def within(spans: Iterable[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    """The parts of spans between two moments."""
    for span in spans:
        first, last = max(span.begin, begin), min(span.end, end)
        if first < last:
            yield replace(span, begin=first, end=last)


def running_time(spans: Iterable[Span]) -> timedelta:
    """How long it surely ran."""
    return sum((span.length for span in spans if span.is_running), NO_TIME)


def unseen_time(spans: Sequence[Span]) -> timedelta:
    """How long it may have run besides: nobody looked, and it ran before or after that."""
    total = NO_TIME
    for number, span in enumerate(spans):
        if span.is_unseen:
            beside = (*spans[max(number - 1, 0) : number], *spans[number + 1 : number + 2])
            if any(not one.is_ended for one in beside):
                total += span.length
    return total
