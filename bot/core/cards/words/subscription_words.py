"""The words for subscriptions: their targets, places, event filters and sentences."""

from collections.abc import Callable, Collection, Iterable, Sequence

from bot.core.cards.card import Channel
from bot.core.cards.wording import named_words
from bot.core.change import Event
from bot.core.commands.targets.job_reference import JobById, JobRef
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.times.until import exact_words
from bot.core.commands.verbs.resubscribe import unusual_mode
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm
from bot.core.job import JobId
from bot.core.listed import first_of
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    PatternTarget,
    Place,
    Preset,
    Subscription,
    Target,
)
from bot.core.text import Text, Words, all_of, enumeration, say, say_many

#: Returns the name of a job; empty if it is unknown.
Naming = Callable[[JobId], str]

#: The words for each delivery mode in a list.
DELIVERY_MODE_WORDS = {
    DeliveryMode.THREAD: say("in the thread under its card"),
    DeliveryMode.CARD: say("on its card alone"),
    DeliveryMode.CHANNEL: say("in the thread and in the channel"),
}

#: The word for each event.
EVENT_WORDS = {
    Event.STARTED: say("started"),
    Event.RUNNING: say("running"),
    Event.FAILED: say("failed"),
    Event.STOPPED: say("stopped"),
    Event.FINISHED: say("finished"),
    Event.DELETED: say("deleted"),
    Event.STUCK: say("stuck"),
    Event.COST: say("cost"),
    Event.LINK: say("link"),
}


def subscribe_command(kept: Subscription) -> Subscribe:
    """Return the command that makes this subscription from any place, at any time."""
    return Subscribe(
        job=spoken(kept.target),
        event_filter=kept.event_filter.text,
        where=where_word(kept.place),
        until=exact_words(kept.until) if kept.until else "",
        delivery_mode=unusual_mode(kept),
    )


def change_command(job: JobRef | NamePattern | WholeProject, where: str) -> SubscribeForm:
    """Return the command that opens a subscription in the form."""
    return SubscribeForm(Subscribe(job=job, where=where))


def where_word(place: Place) -> str:
    """Return a place as a command names it: `dm`, or the id of a channel."""
    return "dm" if place.is_direct else f"#{place.channel_id}"


def where_span(place: Place, hidden: Collection[Place] = ()) -> Text | Channel:
    """Return a place as people see it; a place in `hidden` is not named."""
    if place in hidden:
        return say("a channel that you can't see")
    return say("your direct messages") if place.is_direct else Channel(place.channel_id)


def target_words(target: Target, naming: Naming) -> Text:
    """Return `flowers-tb (205)`, `jobs named flow*` or `every job of the project`."""
    match target:
        case JobTarget(job_id=job_id):
            return named_words(naming(job_id), job_id)
        case PatternTarget(pattern=pattern):
            return say("jobs named `{pattern}`", pattern=pattern)
        case _:
            return say("every job of the project")


def target_list(subscriptions: Sequence[Subscription], naming: Naming) -> Words:
    """Return the targets of several subscriptions: the first ones, and how many more."""
    named = [target_words(one.target, naming) for one in first_of(subscriptions, _NAMED_AT_MOST)]
    rest = len(subscriptions) - len(named)
    if not rest:
        return all_of(named)
    more = say_many("{count} more", "{count} more", rest)
    return all_of([*named, more])


_NAMED_AT_MOST = 10


def event_filter_words(event_filter: str) -> Text:
    match event_filter:
        case Preset.ALL.value:
            return say("every change")
        case Preset.CHANGES.value:
            return say("every change of state")
        case Preset.FAILURES.value:
            return say("failures (failed, deleted before the end, stuck, or running for long)")
        case _:
            return say("these events ({events})", events=_events(event_filter))


def wanted_words(event_filter: str) -> Text:
    """Return the same without the list of what counts as a failure, for people who have subscribed
    already."""
    if event_filter == Preset.FAILURES.value:
        return say("every failure")
    return event_filter_words(event_filter)


def all_wanted_words(subscriptions: Iterable[Subscription]) -> Words:
    """Return what several subscriptions of a place get together: the widest preset covers lists of
    events and failures."""
    texts = list(dict.fromkeys(one.event_filter.text for one in subscriptions))
    widest = next((one.value for one in (Preset.ALL, Preset.CHANGES) if one.value in texts), "")
    return all_of([wanted_words(text) for text in ([widest] if widest else texts)])


def row_words(event_filter: str) -> Words:
    """Return the same for a row of a list: a list of events is only the events."""
    return wanted_words(event_filter) if event_filter in _PRESETS else _events(event_filter)


_PRESETS = frozenset(preset.value for preset in Preset)


def only_words(event_filter: str) -> Words:
    """Return short words for an event filter, for a message that other changes are left out."""
    match event_filter:
        case Preset.ALL.value:
            return say("every change")
        case Preset.CHANGES.value:
            return say("changes of state")
        case Preset.FAILURES.value:
            return say("failures")
        case _:
            return _events(event_filter)


def _events(event_filter: str) -> Words:
    return enumeration([EVENT_WORDS[Event(event)] for event in event_filter.split(",")])


def spoken(target: Target) -> JobRef | NamePattern | WholeProject:
    """Return a target as a command names it."""
    match target:
        case JobTarget(job_id=job_id):
            return JobById(job_id)
        case PatternTarget(pattern=pattern):
            return NamePattern(pattern)
        case _:
            return WholeProject()
