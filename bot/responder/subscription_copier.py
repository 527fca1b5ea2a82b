"""Lets one place hear of what another hears of. It posts nothing by itself."""

from dataclasses import replace
from datetime import datetime

from bot.core.cards.card import Card
from bot.core.cards.subscription_words import where_word
from bot.core.cards.subscriptions import copied_card, uncopied_card
from bot.core.commands.copy import Copy
from bot.core.commands.request import Request
from bot.core.ports.store import Subscriptions
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    Place,
    Subscription,
    SubscriptionState,
    Target,
)
from bot.responder.places import Places
from bot.responder.subscription_finder import SubscriptionFinder


class SubscriptionCopier:
    """Answers `copy`."""

    def __init__(
        self, subscriptions: Subscriptions, places: Places, kept: SubscriptionFinder
    ) -> None:
        self._subscriptions = subscriptions
        self._places = places
        self._kept = kept

    async def copy(self, command: Copy, request: Request) -> Card:
        """Make the wishes that the other place does not have just so. Raises BotError.

        What changes nothing is not made anew: a wish that is made anew is read anew.
        """
        source = await self._places.meant(command.where, request)
        place = await self._places.meant(command.to, request)
        command = replace(command, where=where_word(source), to=where_word(place))
        if place == source:
            return uncopied_card(command, is_same_place=True)
        found = await self._kept.meant_target(command, source, request)
        if isinstance(found, Card):
            return found
        live = await self._live(source)
        subscriptions = [_moved(one, place, request) for one in live if found in (None, one.target)]
        if not subscriptions:
            return uncopied_card(command, is_same_place=False)
        told = {_delivery_mode(one) for one in await self._live(place)}
        made = [one for one in subscriptions if _delivery_mode(one) not in told]
        for one in made:
            await self._subscriptions.subscribe(one, baseline=None)
        return copied_card(
            made,
            standing=[one for one in subscriptions if one not in made],
            command=command,
            place=place,
            invitation=await self._places.settle(place),
            naming=self._kept.name,
        )

    async def _live(self, place: Place) -> list[Subscription]:
        kept = await self._subscriptions.list_subscriptions(place.team_id, place=place)
        return [one for one in kept if one.state is not SubscriptionState.ENDED]


def _moved(one: Subscription, place: Place, request: Request) -> Subscription:
    """The same wish of another place: what it hears first, later, is where its news begin."""
    return replace(one, place=place, created_by=request.user_id, id=0)


def _delivery_mode(one: Subscription) -> tuple[Target, EventFilter, DeliveryMode, datetime | None]:
    """What is told, and how: all of a wish but where, and who asked."""
    return one.target, one.event_filter, one.delivery_mode, one.until
