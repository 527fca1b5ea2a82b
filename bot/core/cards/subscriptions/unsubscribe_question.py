"""The question before a channel unsubscribes, because that ends it for everybody there."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards.card import Action, Card, Control, Emphasis, Strong
from bot.core.cards.words.subscription_words import (
    Naming,
    spoken,
    target_list,
    target_words,
    where_span,
    where_word,
)
from bot.core.commands.targets.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.job import JobId
from bot.core.subscription import PatternTarget, Place, ProjectTarget, Subscription
from bot.core.text import Text, Value, say, sentences

_QUESTION = say(
    "This ends the channel's subscription to the job, for everybody. The card will say that you"
    " ended it, unless the channel also follows the job by a pattern or with the project."
)
_QUESTION_OF_ALL = say(
    "Everybody in this channel gets no more messages about any job. The cards will say that you"
    " ended it."
)
_EFFECT = say("This ends it for everybody there. You can undo it.")
_EFFECT_OF_MANY = say(
    "This ends them for everybody there. The answer lists the sentences that bring them back."
)


def ask_before_unsubscribing(card: Card, place: Place) -> Card:
    """Make the buttons that unsubscribe a channel ask first. A card without such buttons stays the
    same object, so that it is rendered once for all who ask."""
    controls = card.controls if place.is_direct else tuple(map(_asking, card.controls))
    return card if controls == card.controls else replace(card, controls=controls)


def unsubscribe_question_card(
    ending: Sequence[Subscription], *, command: Unsubscribe, place: Place, naming: Naming
) -> Card:
    """Return what a command would end for everybody in a channel, and the button that does it."""
    targets = target_list(ending, naming)
    effect = _EFFECT if len(ending) == 1 else _EFFECT_OF_MANY
    return Card(
        summary=_question(targets, place),
        lines=((_question(Strong(targets), place),),),
        controls=(
            Action(
                label=say("Unsubscribe"),
                command=command,
                emphasis=Emphasis.DANGER,
                question=effect,
                renews_card=True,
            ),
        ),
    )


def wider_subscriptions_card(
    wider: Sequence[Subscription], *, place: Place, naming: Naming
) -> Card:
    """Answer an unsubscribe from a job that only a pattern or the project covers, with the buttons
    that end these subscriptions."""
    targets = target_list(wider, naming)
    question = "" if place.is_direct else _EFFECT
    return Card(
        subject=say("Subscriptions"),
        summary=sentences(_with_others(targets, place), _ENDS_ALL),
        lines=((_with_others(Strong(targets), place),), (_ENDS_ALL,)),
        controls=tuple(
            Action(
                label=say("Unsubscribe from {target}", target=target_words(one.target, naming)),
                command=Unsubscribe(job=spoken(one.target), where=where_word(place)),
                question=question,
                renews_card=True,
            )
            for one in wider[:_OFFERED_AT_MOST]
        ),
    )


_OFFERED_AT_MOST = 3
_ENDS_ALL = say("Unsubscribing from that ends it for all of its jobs.")


def _with_others(targets: Value, place: Place) -> Text:
    return say(
        "Nothing removed: {place} follows this job only as part of {targets}.",
        place=where_span(place),
        targets=targets,
    )


def _question(targets: Value, place: Place) -> Text:
    return say("Unsubscribe {place} from {targets}?", targets=targets, place=where_span(place))


def _asking(control: Control) -> Control:
    if not isinstance(control, Action) or not isinstance(control.command, Unsubscribe):
        return control
    if control.command.where == "dm":
        return control
    return replace(control, question=control.question or _question_of(control.command))


def _question_of(command: Unsubscribe) -> Text:
    match command.job:
        case AllTargets():
            return _QUESTION_OF_ALL
        case NamePattern(text=pattern):
            return _question_of_many(target_words(PatternTarget(pattern), _nameless))
        case WholeProject():
            return _question_of_many(target_words(ProjectTarget(), _nameless))
        case _:
            return _QUESTION


def _question_of_many(targets: Text) -> Text:
    return say(
        "This ends the channel's subscription to {targets}, for everybody. The cards of jobs that"
        " the channel does not follow otherwise will say that you ended it.",
        targets=targets,
    )


def _nameless(_: JobId) -> str:
    return ""
