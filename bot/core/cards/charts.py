"""Charts of hours or minutes over time, with their points labelled in a time zone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

from bot.core.cards.day_words import day_words
from bot.core.cards.figures import Chart, Series
from bot.core.commands.times.until import first_moment
from bot.core.job import Phase
from bot.core.spending import hours
from bot.core.text import Words, say
from bot.core.timeline import NO_TIME, NOT_SEEN, Span, within

#: Slack accepts 20 points, but the labels of more than these overlap.
MOST_POINTS = 8
#: A chart of one point says no more than a sentence.
_FEWEST_POINTS = 2
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SHORT = timedelta(hours=25)
_SHORT_STEPS = 8

_RUNNING = say("Running")
# In the order of a run. Slack sets the colours by position, and its first is a rusty red: Running
# gets that colour only if the job was not queued.
_SERIES: tuple[tuple[Words, Callable[[Span], bool]], ...] = (
    (say("Queued"), lambda span: span.phase is Phase.QUEUED),
    (_RUNNING, lambda span: span.is_running),
    (say("Stopping"), lambda span: span.phase is Phase.STOPPING),
    (say("Unknown"), lambda span: span.phase is Phase.UNKNOWN),
    (NOT_SEEN, lambda span: span.is_unseen),
)


def states_chart(
    spans: Sequence[Span], *, name: Words, begin: datetime, end: datetime, zone: tzinfo
) -> tuple[Chart, ...]:
    """Return the chart of how long a job was in each state, step by step from its first read on;
    none if reads show no run, or for a single step. Values are hours, or minutes if each is below
    an hour. `name` is the name of the job."""
    begin = max([begin, *(span.begin for span in spans[:1])])
    points = list(_steps(begin, end, zone))
    if len(points) < _FEWEST_POINTS:
        return ()
    ends = [*points[1:], end]
    drawn = [
        (state, [_length(spans, is_one, *step) for step in zip(points, ends, strict=True)])
        for state, is_one in _SERIES
    ]
    drawn = [(state, values) for state, values in drawn if any(values)]
    running = dict(drawn).get(_RUNNING, [])
    if not running:
        return ()
    is_brief = max(max(values) for _, values in drawn) < _HOUR
    title, unit, height = (
        (say("{name}: minutes over time", name=name), say("minutes"), minutes)
        if is_brief
        else (say("{name}: hours over time", name=name), say("hours"), figure)
    )
    series = tuple(Series(name=state, values=tuple(map(height, values))) for state, values in drawn)
    if not any(map(height, running)):
        return ()
    is_short = end - begin <= _SHORT
    labels = _times(points, zone) if is_short else _days(points, zone)
    along = say("time") if is_short else say("day")
    return (Chart(title=title, labels=labels, series=series, unit=unit, along=along),)


def _days(points: Sequence[datetime], zone: tzinfo) -> tuple[Words, ...]:
    return tuple(day_words(at.astimezone(zone).date()) for at in points)


def _times(points: Sequence[datetime], zone: tzinfo) -> tuple[Words, ...]:
    """Return the clock times of points; with the zone's abbreviation if two are the same, as they
    are where the clock was put back."""
    labels = _labels(points, zone, "%H:%M")
    return labels if len({*labels}) == len(labels) else _labels(points, zone, "%H:%M %Z")


def _labels(points: Sequence[datetime], zone: tzinfo, form: str) -> tuple[Words, ...]:
    return tuple(f"{at.astimezone(zone):{form}}" for at in points)


def chunks(days: Sequence[object]) -> list[list[int]]:
    """Group the indexes of the days into at most MOST_POINTS groups of neighbours."""
    size = -(-len(days) // MOST_POINTS) or 1
    return [list(range(at, min(at + size, len(days)))) for at in range(0, len(days), size)]


def figure(span: timedelta) -> float:
    """Return the hours of a span, rounded for a chart."""
    return round(float(hours(span)), 2)


def minutes(span: timedelta) -> float:
    """Return the minutes of a span, rounded for a chart."""
    return round(span / _MINUTE, 2)


def _steps(begin: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield where each point begins: in up to 25 h at equal steps, else at each day (or group of
    days) in `zone`."""
    if end - begin <= _SHORT:
        # A step is at least a minute long, so that no two labels are the same.
        count = min(max((end - begin) // _MINUTE, 1), _SHORT_STEPS)
        yield from (begin + (end - begin) * step / count for step in range(count))
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
