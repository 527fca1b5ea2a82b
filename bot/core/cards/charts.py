"""Charts of hours or minutes over time: their points, and how these are called in a zone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

from bot.core.cards.figures import Chart, Series
from bot.core.commands.until import first_moment
from bot.core.job import Phase
from bot.core.spending import hours
from bot.core.text import Words, say
from bot.core.timeline import NO_TIME, Span, within

#: Slack takes 20; the labels of more than these lie over one another.
MOST_POINTS = 8
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SHORT = timedelta(hours=25)
_SHORT_STEPS = 8

_SERIES: tuple[tuple[Words, Callable[[Span], bool]], ...] = (
    (say("Running"), lambda span: span.is_running),
    (say("Queued"), lambda span: span.phase is Phase.QUEUED),
    (say("Stopping"), lambda span: span.phase is Phase.STOPPING),
    (say("Not seen"), lambda span: span.is_unseen),
)


def states_chart(
    spans: Sequence[Span], *, name: Words, begin: datetime, end: datetime, zone: tzinfo
) -> tuple[Chart, ...]:
    """How long a job was in each state of a run, step by step; none where there is nothing to
    draw. `name` is what it is called. Hours, or minutes if no bar would be an hour high."""
    points = list(_steps(begin, end, zone))
    ends = [*points[1:], end]
    drawn = [
        (state, [_length(spans, is_one, *step) for step in zip(points, ends, strict=True)])
        for state, is_one in _SERIES
    ]
    drawn = [(state, values) for state, values in drawn if any(values)]
    if not any(state == _SERIES[0][0] for state, _ in drawn):
        return ()
    is_brief = max(max(values) for _, values in drawn) < _HOUR
    title, unit, height = (
        (say("{name}: minutes over time", name=name), say("minutes"), minutes)
        if is_brief
        else (say("{name}: hours over time", name=name), say("hours"), figure)
    )
    series = tuple(Series(name=state, values=tuple(map(height, values))) for state, values in drawn)
    if not any(series[0].values):
        return ()
    is_short = end - begin <= _SHORT
    labels = tuple(f"{at.astimezone(zone):{'%H:%M' if is_short else '%m-%d'}}" for at in points)
    along = say("time") if is_short else say("day")
    return (Chart(title=title, labels=labels, series=series, unit=unit, along=along),)


def chunks(days: Sequence[datetime]) -> list[list[int]]:
    """The numbers of the days, as few together as leave no more than MOST_POINTS."""
    size = -(-len(days) // MOST_POINTS) or 1
    return [list(range(at, min(at + size, len(days)))) for at in range(0, len(days), size)]


def figure(span: timedelta) -> float:
    """Hours as a chart takes them."""
    return round(float(hours(span)), 2)


def minutes(span: timedelta) -> float:
    """Minutes as a chart takes them."""
    return round(span / _MINUTE, 2)


def _steps(begin: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Where the points begin: days by somebody's clock, or some hours each."""
    if end - begin <= _SHORT:
        yield from (begin + (end - begin) * step / _SHORT_STEPS for step in range(_SHORT_STEPS))
        return
    days = [begin]
    day = begin.astimezone(zone).date() + _DAY
    while (at := first_moment(datetime.combine(day, time()), zone)) < end:
        days.append(at)
        day += _DAY
    yield from (days[numbers[0]] for numbers in chunks(days))


def _length(
    spans: Sequence[Span], is_one: Callable[[Span], bool], begin: datetime, end: datetime
) -> timedelta:
    parts = (span.length for span in within(spans, begin, end) if is_one(span))
    return sum(parts, NO_TIME)
