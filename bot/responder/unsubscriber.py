"""Ends subscriptions of a place; asks first what a menu could not."""

from dataclasses import replace

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.leaving import leaving_card
from bot.core.cards.subscription_words import is_direct, where_word
from bot.core.cards.subscriptions import unsubscribed_card
from bot.core.commands.request import Request
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.ports.store import Subscriptions
from bot.core.subscription import Place, Subscription, Target
from bot.responder.places import Places
from bot.responder.subscription_finder import SubscriptionFinder


class Unsubscriber:
    """Answers `unsubscribe`."""

    def __init__(
        self,
        catalog: Catalog,
        subscriptions: Subscriptions,
        places: Places,
        finder: SubscriptionFinder,
    ) -> None:
        self._catalog = catalog
        self._subscriptions = subscriptions
        self._places = places
        self._finder = finder

    async def unsubscribe(self, command: Unsubscribe, request: Request) -> Card:
        """End subscriptions of a place. A pick only asks where others read along: no menu can
        ask by itself. Raises BotError."""
        place = await self._places.resolve(command.where, request)
        found = await self._finder.resolve_target(command, place, request)
        if isinstance(found, Card):
            return found
        project = self._catalog.project(place.team_id)
        names = self._finder.names_in(project)
        if request.is_pick and not is_direct(place):
            ending = await self._ending(place, found)
            if ending:
                exact = replace(command, where=where_word(place))
                return leaving_card(ending, command=exact, place=place, naming=names)
        removed = await self._subscriptions.unsubscribe(
            project,
            place,
            found,
            by=request.user_id,
            request_key=request.key,
        )
        return unsubscribed_card(removed, asked=command, place=place, naming=names)

    async def _ending(self, place: Place, target: Target | None) -> list[Subscription]:
        here = await self._subscriptions.list_subscriptions(
            self._catalog.project(place.team_id), place=place
        )
        return [one for one in here if target in (None, one.target)]
