"""Derives the runs of a job from the spans of its states. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.timeline import NO_TIME, Span, running_time, unseen_time

# Less is the time between two reads.
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a job, from its start to its end, as far as reads show it."""

    begin: datetime
    #: None while it goes on.
    end: datetime | None
    running: timedelta
    #: The status number at its end; None while it goes on, or if no read saw the end.
    ended_as: int | None
    #: True if it began before the period.
    is_begin_open: bool = False
    #: True if it was running at the first read.
    is_running_open: bool = False
    #: For how long no read looked at it.
    unseen: timedelta = NO_TIME


def runs(spans: Iterable[Span]) -> tuple[Run, ...]:
    """Return the runs in these spans, oldest first."""
    found: list[Run] = []
    current: Run | None = None
    for span in spans:
        if current is not None and span.is_new_run:
            found.append(replace(current, end=span.begin))
            current = None
        if span.is_unseen:
            current = _unseen(current, span)
        elif span.is_ended:
            if ended := _ended(current, span):
                found.append(ended)
            current = None
        else:
            current = _going_on(current, span)
    return (*found, current) if current else tuple(found)


def _unseen(current: Run | None, span: Span) -> Run | None:
    return replace(current, unseen=current.unseen + span.length) if current else None


def _ended(current: Run | None, span: Span) -> Run | None:
    """Return the run that ended when the span began, also if no poll saw it run."""
    if current is None:
        if not span.is_new_run:
            return None
        current = Run(begin=span.begin, end=None, running=NO_TIME, ended_as=None)
    return replace(current, end=span.begin, ended_as=span.status)


def _going_on(current: Run | None, span: Span) -> Run:
    if current is None:
        current = Run(
            begin=span.begin,
            end=None,
            running=NO_TIME,
            ended_as=None,
            is_begin_open=span.is_begin_open,
            is_running_open=span.is_begin_open and span.is_running,
        )
    return replace(current, running=current.running + (span.length if span.is_running else NO_TIME))


def last_run(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans of the last run that is over, without those after its end."""
    last = len(spans)
    while last and spans[last - 1].is_ended:
        last -= 1
    first = last
    while first and not spans[first - 1].is_ended:
        first -= 1
        if spans[first].is_new_run:
            break
    return tuple(spans[first:last])


def as_long_as_counted(run: Sequence[Span], counted: timedelta | None) -> tuple[Span, ...]:
    """Return the spans of an ended run, stretched to the length that the cloud counts: by the
    seconds between two reads, and by the time before the watch began."""
    first = next((number for number, span in enumerate(run) if span.is_running), None)
    if counted is None or first is None:
        return tuple(run)
    running, missing = run[first], counted - running_time(run) - unseen_time(run)
    begin = running.begin - missing
    earliest = run[first - 1].begin if first else begin
    is_known = running.is_begin_open or missing < _A_MINUTE
    if not is_known or missing <= -_A_MINUTE or not earliest <= begin < running.end:
        return tuple(run)
    before = [replace(run[first - 1], end=begin)] if first else []
    running = replace(running, begin=begin, is_begin_open=False)
    return (*run[: max(first - 1, 0)], *before, running, *run[first + 1 :])
