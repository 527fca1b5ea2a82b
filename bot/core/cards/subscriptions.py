"""Cards that confirm a change of subscriptions: made, ended, copied."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Code,
    Control,
    Emphasis,
    Line,
    Strong,
)
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.subscription_words import (
    DELIVERY_MODE_WORDS,
    Naming,
    day_and_clock,
    event_filter_words,
    is_direct,
    line_words,
    subscribe_command,
    target_words,
    where_span,
)
from bot.core.commands.copy import Copy
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.subscriptions import ListSubscriptions
from bot.core.commands.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.subscription import JobTarget, Place, Subscription, SubscriptionState
from bot.core.text import say

_GIVEN_BACK_AT_MOST = 40


def subscribed_card(
    subscription: Subscription,
    *,
    command: Subscribe,
    is_new: bool,
    invitation: str,
    naming: Naming,
    zone: ZoneInfo | None = None,
) -> Card:
    """A subscription as it stands now, and the sentence that made it. `invitation` is what a
    person types in its channel to let the bot in; empty where the bot is in. `zone` is the one in
    which its end was meant."""
    opening = "Subscribed" if is_new else "Subscribed already; it now stands so"
    target = target_words(subscription.target, naming)
    event_filter = event_filter_words(subscription.event_filter.text)
    pending = subscription.state is SubscriptionState.PENDING
    lines: list[Line] = [
        (f"{opening}: ", Strong(target), "."),
        (
            "I tell ",
            where_span(subscription.place),
            f" of {event_filter}, {DELIVERY_MODE_WORDS[subscription.delivery_mode]}.",
        ),
        _end_line(subscription, zone),
    ]
    if pending:
        lines.append((_PENDING if isinstance(subscription.target, JobTarget) else _UNLISTED,))
    if invitation:
        lines.append((_NOT_IN, Code(invitation), _THEN))
    retry = Action(label="Try again", command=command, emphasis=Emphasis.PRIMARY, renews_card=True)
    sentences = " ".join(map(line_words, lines[1:]))
    return Card(
        summary=f"{opening}: {target}. {sentences}",
        lines=tuple(lines),
        controls=(*((retry,) if invitation else ()), *_controls(command)),
    )


def unsubscribed_card(
    removed: Sequence[Subscription],
    *,
    asked: Unsubscribe,
    place: Place,
    naming: Naming,
    now: datetime,
) -> Card:
    """The subscriptions that ended: one has a button that brings it back, several their
    sentences."""
    if not removed:
        what = "anything" if isinstance(asked.job, AllTargets) else asked.job.text
        headline = f"Nothing removed: this place is not subscribed to {what}."
        return Card(
            summary=headline,
            lines=((headline,),),
            controls=(_LISTING,),
        )
    names = _names(removed, naming)
    ended = (
        say("No longer followed by direct message: {names}.", names=Strong(names))
        if is_direct(place)
        else say(
            "No longer followed in {channel}: {names}.",
            channel=Channel(place.channel_id),
            names=Strong(names),
        )
    )
    return Card(
        summary=ended,
        lines=((ended,),),
        verbatim=() if len(removed) == 1 else _sentences(removed, now),
        controls=_undo(removed, now),
    )


def _sentences(removed: Sequence[Subscription], now: datetime) -> tuple[str, ...]:
    return tuple(subscribe_command(one, now).text for one in removed[:_GIVEN_BACK_AT_MOST])


def copied_card(
    made: Sequence[Subscription],
    *,
    standing: Sequence[Subscription],
    command: Copy,
    place: Place,
    invitation: str,
    naming: Naming,
) -> Card:
    """The subscriptions that a place now has like another one, and those that it had before."""
    lines: list[Line] = []
    sentences = []
    if made:
        copied = _names(made, naming)
        lines.append(("Copied: ", Strong(copied), ". To: ", where_span(place), "."))
        sentences.append(f"Copied: {copied}. It is told there as it is here.")
    if standing:
        known = _names(standing, naming)
        where: Line = () if made else (" Where: ", where_span(place), ".")
        lines.append((_STANDING, Strong(known), ".", *where))
        sentences.append(f"{_STANDING}{known}.")
    if invitation:
        lines.append((_NOT_IN, Code(invitation), _THEN))
        sentences.append(line_words(lines[-1]))
    retry = Action(label="Try again", command=command, emphasis=Emphasis.PRIMARY, renews_card=True)
    return Card(
        summary=" ".join(sentences),
        lines=tuple(lines),
        controls=(retry, _LISTING) if invitation else (_LISTING,),
    )


def uncopied_card(command: Copy, *, is_same_place: bool) -> Card:
    """Why there was nothing to copy."""
    why = _ALL if isinstance(command.job, AllTargets) else _ONE
    headline = f"Nothing copied: {_SAME if is_same_place else why}."
    return Card(summary=headline, lines=((headline,),), controls=(_LISTING,))


_LISTING = Action(label="Subscriptions", command=ListSubscriptions())
_STANDING = "Subscribed there already, just as here: "
_SAME = "that is the place you copy from"
_ALL = "nothing is told here that could be told elsewhere, too"
_ONE = "this place is not subscribed to it"


def _names(subscriptions: Sequence[Subscription], naming: Naming) -> str:
    names = ", ".join(target_words(one.target, naming) for one in subscriptions[:10])
    return f"{names} and {len(subscriptions) - 10} more" if len(subscriptions) > 10 else names


_PENDING = "I could not read the job yet: my first good read of it is where I begin."
_UNLISTED = "I begin with my next complete list of the jobs: what stands in it is no news."
_NOT_IN = "I cannot post there yet: I am not in that channel. Type "
_THEN = " there, then press Try again. Nothing is lost meanwhile."


def _end_line(subscription: Subscription, zone: ZoneInfo | None) -> Line:
    until = subscription.until
    end: Line = (day_and_clock(until),) if until else ()
    if until and zone:
        end = (*end, f" ({until.astimezone(zone):%H:%M} {zone.key})")
    if isinstance(subscription.target, JobTarget):
        return ("Until it ends", *((" or until ", *end) if end else ()), ".")
    return ("Until ", *end, ".") if end else ("Until you unsubscribe.",)


def _controls(again: Subscribe) -> tuple[Control, ...]:
    if isinstance(again.job, NamePattern | WholeProject):
        unsubscribe = Unsubscribe(job=again.job, where=again.where)
        return (
            Action(label="Unsubscribe", command=unsubscribe),
            Action(label="Preview", command=replace(again, preview=True)),
        )
    return job_actions(again.job, card=JobCard.SUBSCRIBED, following=Following.YES, subscribe=again)


def _undo(removed: Sequence[Subscription], now: datetime) -> tuple[Control, ...]:
    if len(removed) == 1:
        return (Action(label=say("Undo"), command=subscribe_command(removed[0], now)),)
    return (_LISTING,)
