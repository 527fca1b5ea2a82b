"""A question before a place stops following, where other people read along."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.cards.card import Action, Card, Control, Emphasis, Strong
from bot.core.cards.subscription_words import Naming, is_direct, target_list, where_span
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.subscription import Place, Subscription
from bot.core.text import Text, Value, say, sentences

_QUESTION = say(
    "Stop following it in this channel? Everybody here gets no more messages about it. The card"
    " will say who ended it."
)
_EFFECT = say("This ends it for everybody there. You can undo it.")


def ask_before_leaving(card: Card, place: Place) -> Card:
    """The card of a place; its buttons that unsubscribe a channel ask first."""
    if is_direct(place):
        return card
    return replace(card, controls=tuple(map(_asking, card.controls)))


def leaving_card(
    ending: Sequence[Subscription], *, command: Unsubscribe, place: Place, naming: Naming
) -> Card:
    """What a pick from a menu would end for everybody in a channel, and the button that does it."""
    targets = target_list(ending, naming)
    return Card(
        summary=sentences(_question(targets, place), _EFFECT),
        lines=((_question(Strong(targets), place),), (_EFFECT,)),
        controls=(
            Action(
                label=say("Unsubscribe"),
                command=command,
                emphasis=Emphasis.DANGER,
                question=_EFFECT,
                renews_card=True,
            ),
        ),
    )


def _question(targets: Value, place: Place) -> Text:
    return say("Stop following {targets} in {place}?", targets=targets, place=where_span(place))


def _asking(control: Control) -> Control:
    if not isinstance(control, Action) or not isinstance(control.command, Unsubscribe):
        return control
    if control.command.where == "dm":
        return control
    return replace(control, question=control.question or _QUESTION)
