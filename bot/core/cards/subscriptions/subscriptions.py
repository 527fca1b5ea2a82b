"""Cards that confirm a change of subscriptions: made, ended, copied."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.cards.card import Action, Card, Control, Emphasis, Menu, PlacePicker, Strong
from bot.core.cards.jobs.job_actions import Following, JobCard, job_actions
from bot.core.cards.words.subscription_terms import terms
from bot.core.cards.words.subscription_words import (
    Naming,
    change_command,
    row_words,
    subscribe_command,
    target_list,
    target_words,
    where_span,
)
from bot.core.cards.words.typed_back import typed_back
from bot.core.commands.command import Command
from bot.core.commands.targets.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeSeveral
from bot.core.commands.verbs.subscriptions import ListSubscriptions
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.words.typed import LONGEST_SENTENCE
from bot.core.listed import first_of
from bot.core.subscription import JobTarget, Place, Subscription, SubscriptionState
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
    has_ended: bool = False,
) -> Card:
    """Return the present terms of a subscription. `invitation` is what a person types in the
    channel to add the bot; empty if the bot is in it. The end is also shown as a clock time in
    `zone`; `already` says which of its jobs have run for long, or that its job `has_ended`."""
    target = Strong(target_words(subscription.target, naming))
    opening = (
        say("Subscribed to {target}.", target=target)
        if is_new
        else say("Already subscribed to {target}.", target=target)
    )
    lines: list[Words] = [opening, terms(subscription, zone, has_ended=has_ended)]
    if already:
        lines.append(already)
    if subscription.state is SubscriptionState.PENDING:
        lines.append(_UNREAD if isinstance(subscription.target, JobTarget) else _UNLISTED)
    if invitation:
        lines.append(not_in(subscription.place, invitation))
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
    slash_command: str,
    still: Sequence[Subscription] = (),
) -> Card:
    """Return the subscriptions that ended, with a button that restores them; several are also
    listed as commands. `still` has those that still cover the target of a single one."""
    if not removed:
        return _one_line_card(_not_followed(asked, place))
    targets = target_list(removed, naming)
    if len(removed) == 1:
        rest = [_still(one, place, naming) for one in first_of(still, _STILL_AT_MOST)]
        return Card(
            subject=say("Subscriptions"),
            summary=sentences(_removed(targets, place), *rest),
            lines=((_removed(Strong(targets), place),), *((one,) for one in rest)),
            controls=(Action(label=say("Undo"), command=subscribe_command(removed[0])),),
        )
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(_emptied(targets, place), _BACK),
        lines=(
            (_emptied(Strong(targets), place),),
            (_BACK,),
            *(typed_back(one, slash_command) for one in removed[:_GIVEN_BACK_AT_MOST]),
        ),
        controls=(*_undo(removed), LISTING),
    )


def _undo(removed: Sequence[Subscription]) -> tuple[Action, ...]:
    """Return the button that restores all subscriptions at once, if one command can hold them."""
    several = SubscribeSeveral(tuple(map(subscribe_command, removed)))
    fits = len(several.text) <= LONGEST_SENTENCE
    return (Action(label=say("Undo"), command=several),) if fits else ()


def copied_card(
    made: Sequence[Subscription],
    *,
    existing: Sequence[Subscription],
    command: Copy,
    place: Place,
    invitation: str,
    naming: Naming,
) -> Card:
    """Return the subscriptions that were copied to a place, and those that it had before."""
    lines: list[Text] = []
    if made:
        lines.append(_copied(Strong(target_list(made, naming)), place))
    if existing:
        lines.append(_already_followed(Strong(target_list(existing, naming)), place))
    return several_card(lines, again=command, place=place, invitation=invitation)


def several_card(
    followed: Sequence[Text], *, again: Command, place: Place, invitation: str
) -> Card:
    """Return what a place follows now. `invitation` is what a person types there to add the bot,
    before they try `again`; empty if the bot is in the place."""
    lines = [*followed, not_in(place, invitation)] if invitation else followed
    retry = Action(label=TRY_AGAIN, command=again, emphasis=Emphasis.PRIMARY, renews_card=True)
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(*lines),
        lines=tuple((line,) for line in lines),
        controls=(retry, LISTING) if invitation else (LISTING,),
    )


def copy_where_card(command: Copy, place: Place) -> Card:
    """Ask where the subscriptions of `place` are to be copied to."""
    source = where_span(place)
    if isinstance(command.job, AllTargets):
        question = say("Copy all subscriptions from {place}. Where to?", place=source)
    else:
        target = command.job.text
        question = say("Copy `{target}` from {place}. Where to?", target=target, place=source)
    to_me = Action(label=say("Copy to me"), command=replace(command, to="dm"))
    return Card(
        subject=say("Subscriptions"),
        summary=question,
        lines=((question,),),
        controls=(
            PlacePicker(placeholder=say("Copy to…"), command=command),
            *(() if place.is_direct else (to_me,)),
        ),
    )


def uncopied_card(command: Copy, *, is_same_place: bool) -> Card:
    """Return why nothing was copied."""
    if is_same_place:
        return _one_line_card(say("Nothing copied: that is where they already are."))
    if isinstance(command.job, AllTargets):
        return _one_line_card(say("Nothing copied: there are no subscriptions here."))
    return _one_line_card(say("Nothing copied: there is no such subscription here."))


TRY_AGAIN = say("Try again")
LISTING = Action(label=say("Subscriptions"), command=ListSubscriptions())

_BACK = say("Each line below brings one back as it was.")
_UNREAD = say("I couldn't read the job just now; I start as soon as I can.")
_UNLISTED = say("I start at the next full read; jobs already there won't be announced.")


def _one_line_card(sentence: Text) -> Card:
    return Card(
        subject=say("Subscriptions"), summary=sentence, lines=((sentence,),), controls=(LISTING,)
    )


def not_in(place: Place, invitation: str) -> Text:
    return say(
        "I'm not in {place} yet: type `{invitation}` there, then press Try again."
        " Nothing is lost meanwhile.",
        place=where_span(place),
        invitation=invitation,
    )


def _removed(targets: Value, place: Place) -> Text:
    if place.is_direct:
        return say("You no longer get {targets} by direct message.", targets=targets)
    return say("{place} no longer follows {targets}.", place=where_span(place), targets=targets)


_STILL_AT_MOST = 3


def _still(wider: Subscription, place: Place, naming: Naming) -> Text:
    changes = row_words(wider.event_filter.text)
    target = target_words(wider.target, naming)
    if place.is_direct:
        return say("You still follow {target} ({changes}).", target=target, changes=changes)
    return say("It still follows {target} ({changes}).", target=target, changes=changes)


def _emptied(targets: Value, place: Place) -> Text:
    """Return the sentence for several subscriptions, which end only with all others of the
    place."""
    if place.is_direct:
        return say(
            "You no longer get anything by direct message. You got {targets}.", targets=targets
        )
    return say(
        "{place} no longer follows anything. It followed {targets}.",
        place=where_span(place),
        targets=targets,
    )


def _not_followed(asked: Unsubscribe, place: Place) -> Text:
    if isinstance(asked.job, AllTargets):
        return say("Nothing removed: {place} had no subscriptions.", place=where_span(place))
    return say(
        "Nothing removed: {place} had no subscription to `{target}`.",
        place=where_span(place),
        target=asked.job.text,
    )


def _copied(targets: Value, place: Place) -> Text:
    if place.is_direct:
        return say("You'll also get {targets} by direct message.", targets=targets)
    return say("{place} now follows {targets}, too.", place=where_span(place), targets=targets)


def _already_followed(targets: Value, place: Place) -> Text:
    if place.is_direct:
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
