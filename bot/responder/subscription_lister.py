"""Lists subscriptions, with the rules and the holds of their places."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.subscriptions.subscription_lists import export_card, subscriptions_card
from bot.core.cards.words.hold_words import PlaceHolds
from bot.core.commands.request import Request
from bot.core.commands.verbs.subscriptions import ListSubscriptions, Scope
from bot.core.ports.store import Subscriptions
from bot.core.subscription import Place
from bot.responder.places import Places


class HeldInPlaces(Protocol):
    """The method of the QuietAnswers that returns rules and holds."""

    async def held_in(self, team_id: str) -> Mapping[Place, PlaceHolds]:
        """Return the rules and the present holds of each place of a workspace that has either."""


@dataclass(frozen=True, slots=True)
class SubscriptionLister:
    """Answers `subscriptions`."""

    catalog: Catalog
    subscriptions: Subscriptions
    places: Places
    place_holds: HeldInPlaces

    async def list_subscriptions(self, command: ListSubscriptions, request: Request) -> Card:
        """List subscriptions, without those of other people's direct messages and of channels that
        the person cannot see. Raises BotError."""
        place = await self.places.resolve("", request)
        is_here = command.scope is Scope.HERE
        project = self.catalog.project(request.team_id)
        kept = await self.subscriptions.list_subscriptions(
            project,
            place=place if is_here else None,
            created_by=request.user_id if command.scope is Scope.MINE else None,
        )
        held = await self.place_holds.held_in(request.team_id)
        ruled = {
            at
            for at, one in held.items()
            if command.scope is Scope.ALL
            and request.user_id not in (one.rules.set_by, one.rules.digest_by)
        }
        own = {one.place for one in kept if one.created_by == request.user_id}
        others = {one.place for one in kept} | ruled
        direct = {one for one in own if one.is_direct}
        closed = others - direct - await self.places.open_to(request, others - direct)
        shown = [s for s in kept if s.place not in closed]
        shown.sort(key=lambda one: one.place.channel_id)
        listed = {one.place for one in shown} | ({place} if is_here else set())
        if command.scope is Scope.ALL:
            listed |= held.keys() - closed
        held = {at: one for at, one in held.items() if at in listed}
        if command.export:
            return export_card(
                shown,
                [one.rules for one in held.values()],
                command=command,
                project=project,
            )
        return subscriptions_card(
            shown,
            unseen=0 if is_here else len(kept) - len(shown),
            command=command,
            place=place,
            held=held,
            naming=partial(self.catalog.name_of, project),
        )
