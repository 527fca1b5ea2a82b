"""The states of a job over time, derived from polls: spans, runs and running hours. Pure.

The time between two distant reads is a span without a state.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.core.change import NO_JOB, Step, is_ended_status, phase_of
from bot.core.job import JobStatus, Phase, VisualizationJob
from bot.core.text import say

NO_TIME = timedelta(0)
#: The word for a time without reads.
NOT_SEEN = say("Not seen")
# Reads are rarely further apart than this, whatever the poll interval.
_SHORTEST_GAP = timedelta(minutes=2)
_INTERVALS_OF_A_GAP = 3


class SeenStep(NamedTuple):
    """A change, reduced to its times."""

    step: Step
    seen_at: datetime
    #: When a read last confirmed the state before; the change lies between the two.
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """The record of a job."""

    #: The job as last read.
    job: VisualizationJob
    #: When the watch began.
    watched_since: datetime
    #: False if an older version did not store the begin, which is then this moment or earlier.
    is_since_exact: bool = True
    is_gone: bool = False
    #: The changes in the requested period, in order.
    changes: tuple[SeenStep, ...] = ()
    #: The begin of the period in which these are all changes; None for the begin of the watch.
    complete_from: datetime | None = None

    @property
    def known_from(self) -> datetime:
        """Return from when on the states are known."""
        return self.complete_from or self.watched_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time in one state."""

    begin: datetime
    end: datetime
    #: The status number, NO_JOB for a deleted job; None without reads.
    status: int | None
    #: True if the state began earlier, at an unknown time.
    is_begin_open: bool = False
    #: True if the last read still shows the state.
    is_end_open: bool = False
    #: True if another run began with it, or was over by then.
    is_new_run: bool = False

    @property
    def length(self) -> timedelta:
        return self.end - self.begin

    @property
    def phase(self) -> Phase | None:
        """Return our state; None for a deleted job and for a time without reads."""
        return None if self.status is None else phase_of(self.status)

    @property
    def is_running(self) -> bool:
        """Return True for time that is billed."""
        return self.phase is Phase.RUNNING

    @property
    def is_unseen(self) -> bool:
        """Return True for a time without reads."""
        return self.status is None

    @property
    def is_ended(self) -> bool:
        """Return True if no run was under way."""
        return self.status is not None and is_ended_status(self.status)

    @property
    def word(self) -> str:
        """Return the everyday word for the state."""
        if self.status is None:
            return "Not seen"
        return "Deleted" if self.status == NO_JOB else JobStatus(self.status).word


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The records of jobs."""

    jobs: tuple[JobRecord, ...]
    #: When the watch of the project's first job began; None before its first read.
    watched_since: datetime | None
    #: False if that is only the latest possible moment.
    is_since_exact: bool = True


def longest_gap(interval: timedelta) -> timedelta:
    """Return the longest time between two reads that leaves no doubt, at this poll interval."""
    return max(_INTERVALS_OF_A_GAP * interval, _SHORTEST_GAP)


def timeline(
    record: JobRecord, *, begin: datetime, end: datetime, gap: timedelta
) -> tuple[Span, ...]:
    """Return the spans between two moments, oldest first and without holes from the first read
    on. Between reads further apart than `gap` lies a span without a state."""
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
    # Only time that reads confirm is billed: the last state counts up to the last good read.
    yield from _confirmed(span, record.job.read_at, gap, until_now=True)


def _confirmed(
    span: Span, last_seen: datetime, gap: timedelta, *, until_now: bool = False
) -> Iterator[Span]:
    """Return a state as long as reads confirm it, then the time without reads if it is long."""
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
    """Return the parts between two moments; spans that began earlier are open."""
    for span in spans:
        begin, until = max(span.begin, start), min(span.end, end)
        # A run that polls saw only for a moment counts as a run.
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
    """Join neighbouring spans with the same everyday word."""
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
    """Return the parts of spans between two moments."""
    for span in spans:
        first, last = max(span.begin, begin), min(span.end, end)
        if first < last:
            yield replace(span, begin=first, end=last)


def running_time(spans: Iterable[Span]) -> timedelta:
    """Return how long the job ran for certain."""
    return sum((span.length for span in spans if span.is_running), NO_TIME)


def unseen_time(spans: Sequence[Span]) -> timedelta:
    """Return how long it may have run besides: times without reads next to a running state."""
    return sum((span.length for span in doubtful_spans(spans)), NO_TIME)


def doubtful_spans(spans: Sequence[Span]) -> Iterator[Span]:
    """Return those times without reads."""
    for number, span in enumerate(spans):
        if span.is_unseen:
            beside = (*spans[max(number - 1, 0) : number], *spans[number + 1 : number + 2])
            if any(not one.is_ended for one in beside):
                yield span
