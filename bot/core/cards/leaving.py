"""A question before a place stops following, where other people read along."""

from dataclasses import replace

from bot.core.cards.card import Action, Card, Control
from bot.core.cards.subscription_words import is_direct
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.subscription import Place
from bot.core.text import say

_QUESTION = say(
    "Stop following it in this channel? Everybody here gets no more messages about it. The card"
    " will say who ended it."
)


def ask_before_leaving(card: Card, place: Place) -> Card:
    """The card of a place; its buttons that unsubscribe a channel ask first."""
    if is_direct(place):
        return card
    return replace(card, controls=tuple(map(_asking, card.controls)))


def _asking(control: Control) -> Control:
    if isinstance(control, Action) and isinstance(control.command, Unsubscribe):
        return replace(control, question=control.question or _QUESTION)
    return control
