"""The runs of a job, from the spans of its states. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.timeline import NO_TIME, Span, running_time, unseen_time

# Less is the time between two reads.
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a job, from its start to its end, as far as it was seen."""

    begin: datetime
    #: None while it goes on.
    end: datetime | None
    running: timedelta
    #: The number it ended with; None while it goes on, or where its end was not seen.
    ended_as: int | None
    #: It had begun before.
    is_begin_open: bool = False
    #: It was running then already.
    is_running_open: bool = False
    #: Nobody looked for so long.
    unseen: timedelta = NO_TIME


def runs(spans: Iterable[Span]) -> tuple[Run, ...]:
    """The runs in these spans, oldest first."""
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
    """The run that ended when the span began; one of which no poll saw anything else, too."""
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
    """The spans of the last run that is over, without what came after its end."""
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
    """The spans of a run that is over, from its begin on also where it ran before anybody watched:
    the cloud's own count says for how long."""
    if not run or counted is None or not (run[0].is_begin_open and run[0].is_running):
        return tuple(run)
    before = counted - running_time(run) - unseen_time(run)
    if before < _A_MINUTE:
        return tuple(run)
    return (replace(run[0], begin=run[0].begin - before, is_begin_open=False), *run[1:])
