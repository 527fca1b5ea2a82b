"""The commands that restore subscriptions, so that people can type them again."""

from bot.core.cards.card import Bullet, Channel, Line
from bot.core.cards.words.subscription_words import subscribe_command, where_word
from bot.core.subscription import Subscription


def typed_back(subscription: Subscription, slash_command: str) -> Line:
    """Return `/visjob subscribe 205 for all in #experiments`; the platform shows the channel's
    name."""
    text = f"{slash_command} {subscribe_command(subscription).text}"
    place = subscription.place
    if place.is_direct:
        return (Bullet(), text)
    before, _, after = text.rpartition(where_word(place))
    return (Bullet(), before, Channel(place.channel_id), *((after,) if after else ()))
