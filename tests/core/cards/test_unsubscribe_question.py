"""Buttons that unsubscribe ask first where other people read along."""

import pytest

from bot.core.cards.card import Action
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.commands.grammar import parse
from bot.core.subscription import Place
from tests.make import TEAM, a_card

# A sentence: the channel, what the button says, and whether it asks first.
BUTTONS = {
    "a channel is left with a question": ("C0EXP00001", "unsubscribe 205", True),
    "a private channel, too": ("G0SECRET01", "unsubscribe project", True),
    "one's own direct message is left at once": ("D0ANA00001", "unsubscribe 205", False),
    "one's own direct message, from a channel": ("C0EXP00001", "unsubscribe 205 in dm", False),
    "what harms nobody asks nothing": ("C0EXP00001", "subscribe 205", False),
}


@pytest.mark.parametrize(("channel_id", "sentence", "asks"), BUTTONS.values(), ids=BUTTONS)
def test_a_button(channel_id: str, sentence: str, asks: bool) -> None:
    button = Action(label="x", command=parse(sentence))
    place = Place(team_id=TEAM, channel_id=channel_id)

    [shown] = ask_before_unsubscribing(a_card(controls=(button,)), place).controls

    assert isinstance(shown, Action)
    assert bool(shown.question) is asks
    assert shown.command == button.command


def test_a_card_that_unsubscribes_nobody_stays_the_same_object() -> None:
    card = a_card(controls=(Action(label="x", command=parse("205")),))

    assert ask_before_unsubscribing(card, Place(team_id=TEAM, channel_id="C0EXP00001")) is card
