"""The words for subscriptions: their targets, places, event filters and sentences."""

from collections.abc import Callable
from datetime import datetime

from bot.core.cards.card import Channel, Line, Moment, Span, TimeStyle
from bot.core.commands.job_reference import JobById, JobRef
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.targets import NamePattern, WholeProject
from bot.core.commands.until import until_words
from bot.core.job import JobId
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    PatternTarget,
    Place,
    Preset,
    Subscription,
    Target,
)
from bot.core.text import Fragment

#: Gives the name of a job; empty if it is unknown.
Naming = Callable[[JobId], str]

#: The words for each delivery mode.
DELIVERY_MODE_WORDS = {
    DeliveryMode.THREAD: "in the thread of its card",
    DeliveryMode.CARD: "by its card alone",
    DeliveryMode.CHANNEL: "in the thread of its card and in the channel",
}


def subscribe_command(kept: Subscription, now: datetime) -> Subscribe:
    """The sentence that makes this subscription from anywhere."""
    return Subscribe(
        job=spoken(kept.target),
        event_filter=kept.event_filter.text,
        where=where_word(kept.place),
        until=until_words(kept.until, now),
        delivery_mode=None if kept.delivery_mode is DeliveryMode.THREAD else kept.delivery_mode,
    )


def where_word(place: Place) -> str:
    """A place as a sentence names it."""
    return "dm" if is_direct(place) else f"#{place.channel_id}"


def is_direct(place: Place) -> bool:
    """True for a direct message: Slack's ids begin with the kind of conversation."""
    return place.channel_id.startswith("D")


def where_span(place: Place) -> Span:
    """A place as people see it."""
    return "you (by direct message)" if is_direct(place) else Channel(place.channel_id)


def target_words(target: Target, naming: Naming) -> str:
    """`flowers-tb · 205`, `jobs named flow*`, `every job of the project`."""
    match target:
        case JobTarget(job_id=job_id):
            name = naming(job_id)
            return f"{name} · {job_id}" if name else f"job {job_id}"
        case PatternTarget(pattern=pattern):
            return f"jobs named {pattern}"
        case _:
            return "every job of the project"


def event_filter_words(event_filter: str) -> str:
    """The words for an event filter."""
    match event_filter:
        case Preset.ALL.value:
            return "every change"
        case Preset.CHANGES.value:
            return "every change of state"
        case Preset.FAILURES.value:
            return "failures (failed, or deleted before the end)"
        case _:
            return "these changes: " + event_filter.replace(",", ", ")


def only_words(event_filter: str) -> str:
    """The same in short, where something else was left out."""
    match event_filter:
        case Preset.CHANGES.value:
            return "changes of state"
        case _:
            return event_filter.replace(",", ", ")


def line_words(line: Line) -> str:
    """A line as plain text."""
    return "".join(map(_span_words, line))


def _span_words(span: Span) -> str:
    return str(span.words if isinstance(span, Fragment) else span)


def spoken(target: Target) -> JobRef | NamePattern | WholeProject:
    """A target as a sentence names it."""
    match target:
        case JobTarget(job_id=job_id):
            return JobById(job_id)
        case PatternTarget(pattern=pattern):
            return NamePattern(pattern)
        case _:
            return WholeProject()


def day_and_clock(at: datetime) -> Moment:
    """A day and a time."""
    return Moment(at, TimeStyle.DAY_AND_CLOCK)
