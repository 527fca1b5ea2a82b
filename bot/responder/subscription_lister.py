"""Lists subscriptions, with the rules of their places and what is held there."""

from collections.abc import Mapping
from typing import Protocol

from bot.catalog import Catalog
from bot.core.cards.calm_words import PlaceCalm
from bot.core.cards.card import Card
from bot.core.cards.subscription_lists import export_card, subscriptions_card
from bot.core.commands.request import Request
from bot.core.commands.subscriptions import ListSubscriptions, Scope
from bot.core.ports.store import Subscriptions
from bot.core.subscription import Place
from bot.responder.places import Places
from bot.responder.subscription_finder import SubscriptionFinder


class HeldInPlaces(Protocol):
    """The part of the Calmer that this room needs."""

    async def held_in(self, team_id: str) -> Mapping[Place, PlaceCalm]:
        """The rules of each place that has any, and what is held there now."""


class SubscriptionLister:
    """Answers `subscriptions`."""

    def __init__(
        self,
        catalog: Catalog,
        subscriptions: Subscriptions,
        places: Places,
        finder: SubscriptionFinder,
        calm: HeldInPlaces,
    ) -> None:
        self._catalog = catalog
        self._subscriptions = subscriptions
        self._places = places
        self._finder = finder
        self._calm = calm

    async def list_subscriptions(self, command: ListSubscriptions, request: Request) -> Card:
        """List subscriptions, without those of other people's direct messages and private
        channels. Raises BotError."""
        place = await self._places.resolve("", request)
        is_here = command.scope is Scope.HERE
        project = self._catalog.project(request.team_id)
        kept = await self._subscriptions.list_subscriptions(
            project,
            place=place if is_here else None,
            created_by=request.user_id if command.scope is Scope.MINE else None,
        )
        held = await self._calm.held_in(request.team_id)
        ruled = {
            at
            for at, one in held.items()
            if command.scope is Scope.ALL and one.rules.set_by != request.user_id
        }
        others = {one.place for one in kept if one.created_by != request.user_id} | ruled
        closed = others - await self._places.open_to(request, others)
        shown = [s for s in kept if s.created_by == request.user_id or s.place not in closed]
        shown.sort(key=lambda one: one.place.channel_id)
        listed = {one.place for one in shown} | ({place} if is_here else set())
        if command.scope is Scope.ALL:
            listed |= held.keys() - closed
        calm = {at: one for at, one in held.items() if at in listed}
        if command.export:
            return export_card(
                shown,
                [one.rules for one in calm.values()],
                command=command,
                project=project,
            )
        return subscriptions_card(
            shown,
            command=command,
            place=place,
            calm=calm,
            naming=self._finder.names_in(project),
        )
