"""The confirmation of subscriptions that come back after all of a place had ended at once."""

from collections.abc import Sequence

from bot.core.cards.card import Card, Strong
from bot.core.cards.subscriptions.subscriptions import several_card
from bot.core.cards.words.subscription_words import Naming, target_list, where_span
from bot.core.commands.verbs.subscribe import SubscribeSeveral
from bot.core.subscription import Place, Subscription
from bot.core.text import Text, Value, say


def restored_card(
    made: Sequence[Subscription],
    *,
    command: SubscribeSeveral,
    place: Place,
    invitation: str,
    naming: Naming,
) -> Card:
    """Return the subscriptions that a place has again. `invitation` is what a person types there to
    add the bot; empty if the bot is in the place."""
    followed = _followed(Strong(target_list(made, naming)), place)
    return several_card([followed], again=command, place=place, invitation=invitation)


def _followed(targets: Value, place: Place) -> Text:
    if place.is_direct:
        return say("You get {targets} by direct message again.", targets=targets)
    return say("{place} follows {targets} again.", place=where_span(place), targets=targets)
