"""Cards that confirm a change of subscriptions: made, ended, copied."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Control,
    Emphasis,
    Menu,
    Moment,
    Strong,
)
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.subscription_words import (
    Naming,
    change_command,
    day_and_clock,
    event_filter_words,
    is_direct,
    subscribe_command,
    target_list,
    target_words,
    where_span,
)
from bot.core.commands.copy import Copy
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.subscriptions import ListSubscriptions
from bot.core.commands.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    Place,
    Subscription,
    SubscriptionState,
)
from bot.core.text import Text, Value, Words, say, sentences

_GIVEN_BACK_AT_MOST = 40


def subscribed_card(
    subscription: Subscription,
    *,
    command: Subscribe,
    is_new: bool,
    invitation: str,
    naming: Naming,
    zone: ZoneInfo | None = None,
    already: Words = "",
) -> Card:
    """A subscription as it stands now, and the sentence that made it. `invitation` is what a
    person types in its channel to let the bot in; empty where the bot is in. `zone` is the one in
    which its end was meant; `already` says which of its jobs have run for long."""
    target = Strong(target_words(subscription.target, naming))
    opening = (
        say("Subscribed to {target}.", target=target)
        if is_new
        else say("Already subscribed to {target}.", target=target)
    )
    lines: list[Words] = [opening, _terms(subscription, zone)]
    if already:
        lines.append(already)
    if subscription.state is SubscriptionState.PENDING:
        lines.append(_UNREAD if isinstance(subscription.target, JobTarget) else _UNLISTED)
    if invitation:
        lines.append(_not_in(subscription.place, invitation))
    retry = Action(label=TRY_AGAIN, command=command, emphasis=Emphasis.PRIMARY, renews_card=True)
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(*lines),
        lines=tuple((line,) for line in lines),
        controls=(*((retry,) if invitation else ()), *_controls(command)),
    )


def unsubscribed_card(
    removed: Sequence[Subscription],
    *,
    asked: Unsubscribe,
    place: Place,
    naming: Naming,
) -> Card:
    """The subscriptions that ended: one has a button that brings it back, several their
    sentences."""
    if not removed:
        return _one_line_card(_not_followed(asked, place))
    return Card(
        subject=say("Subscriptions"),
        summary=_removed(target_list(removed, naming), place),
        lines=((_removed(Strong(target_list(removed, naming)), place),),),
        verbatim=() if len(removed) == 1 else _sentences(removed),
        controls=_undo(removed),
    )


def _sentences(removed: Sequence[Subscription]) -> tuple[str, ...]:
    return tuple(subscribe_command(one).text for one in removed[:_GIVEN_BACK_AT_MOST])


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
    lines: list[Text] = []
    if made:
        lines.append(_copied(Strong(target_list(made, naming)), place))
    if standing:
        lines.append(_standing(Strong(target_list(standing, naming)), place))
    if invitation:
        lines.append(_not_in(place, invitation))
    retry = Action(label=TRY_AGAIN, command=command, emphasis=Emphasis.PRIMARY, renews_card=True)
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(*lines),
        lines=tuple((line,) for line in lines),
        controls=(retry, _LISTING) if invitation else (_LISTING,),
    )


def uncopied_card(command: Copy, *, is_same_place: bool) -> Card:
    """Why there was nothing to copy."""
    if is_same_place:
        return _one_line_card(say("Nothing copied: you are copying to the same place."))
    if isinstance(command.job, AllTargets):
        return _one_line_card(say("Nothing copied: there are no subscriptions here."))
    return _one_line_card(say("Nothing copied: there is no such subscription here."))


TRY_AGAIN = say("Try again")
_LISTING = Action(label=say("Subscriptions"), command=ListSubscriptions())

_UNREAD = say("I couldn't read the job yet; I start at my first good read of it.")
_UNLISTED = say("I start at the next full read; jobs already there won't be announced.")


def _one_line_card(sentence: Text) -> Card:
    return Card(
        subject=say("Subscriptions"), summary=sentence, lines=((sentence,),), controls=(_LISTING,)
    )


def _terms(subscription: Subscription, zone: ZoneInfo | None) -> Text:
    """What is posted, where, how and until when."""
    sentence = {
        DeliveryMode.THREAD: _in_thread,
        DeliveryMode.CARD: _on_card,
        DeliveryMode.CHANNEL: _in_channel,
    }[subscription.delivery_mode]
    return sentence(
        event_filter_words(subscription.event_filter.text),
        where_span(subscription.place),
        _end(subscription, zone),
    )


def _in_thread(events: Text, place: Text | Channel, end: Text) -> Text:
    return say(
        "I'll post {events} to {place}, in the thread under its card, {end}.",
        events=events,
        place=place,
        end=end,
    )


def _on_card(events: Text, place: Text | Channel, end: Text) -> Text:
    return say(
        "I'll show {events} in {place}, on its card alone, {end}.",
        events=events,
        place=place,
        end=end,
    )


def _in_channel(events: Text, place: Text | Channel, end: Text) -> Text:
    return say(
        "I'll post {events} to {place}, in the thread under its card and in the channel, {end}.",
        events=events,
        place=place,
        end=end,
    )


def _end(subscription: Subscription, zone: ZoneInfo | None) -> Text:
    until = subscription.until
    end: Text | Moment | None = day_and_clock(until) if until else None
    if until and zone:
        clock = f"{until.astimezone(zone):%H:%M} {zone.key}"
        end = say("{when} ({clock})", when=day_and_clock(until), clock=clock)
    if isinstance(subscription.target, JobTarget):
        if end:
            return say("until the job ends, at the latest until {when}", when=end)
        return say("until the job ends")
    return say("until {when}", when=end) if end else say("until you unsubscribe")


def _not_in(place: Place, invitation: str) -> Text:
    return say(
        "I'm not in {place} yet: type `{invitation}` there, then press Try again."
        " Nothing is lost meanwhile.",
        place=where_span(place),
        invitation=invitation,
    )


def _removed(targets: Value, place: Place) -> Text:
    if is_direct(place):
        return say("You no longer get {targets} by direct message.", targets=targets)
    return say("{place} no longer follows {targets}.", place=where_span(place), targets=targets)


def _not_followed(asked: Unsubscribe, place: Place) -> Text:
    if isinstance(asked.job, AllTargets):
        return say("Nothing removed: {place} had no subscriptions.", place=where_span(place))
    return say(
        "Nothing removed: {place} had no subscription to `{target}`.",
        place=where_span(place),
        target=asked.job.text,
    )


def _copied(targets: Value, place: Place) -> Text:
    if is_direct(place):
        return say("You'll also get {targets} by direct message.", targets=targets)
    return say("{place} now follows {targets}, too.", place=where_span(place), targets=targets)


def _standing(targets: Value, place: Place) -> Text:
    if is_direct(place):
        return say("You already get {targets} by direct message.", targets=targets)
    return say("{place} already follows {targets}.", place=where_span(place), targets=targets)


def _controls(again: Subscribe) -> tuple[Control, ...]:
    if isinstance(again.job, NamePattern | WholeProject):
        unsubscribe = Unsubscribe(job=again.job, where=again.where)
        return (
            Action(label=say("Unsubscribe"), command=unsubscribe),
            Action(label=say("Change…"), command=change_command(again.job, again.where)),
            Menu(actions=(Action(label=say("Preview"), command=replace(again, preview=True)),)),
        )
    return job_actions(again.job, card=JobCard.SUBSCRIBED, following=Following.YES, subscribe=again)


def _undo(removed: Sequence[Subscription]) -> tuple[Control, ...]:
    if len(removed) == 1:
        return (Action(label=say("Undo"), command=subscribe_command(removed[0])),)
    return (_LISTING,)
