"""Copies subscriptions from one place to another. It posts nothing itself."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.catalog import Catalog
from bot.core.audience import is_live
from bot.core.cards.card import Card
from bot.core.cards.subscriptions.subscriptions import copied_card, copy_where_card, uncopied_card
from bot.core.cards.words.subscription_words import where_word
from bot.core.commands.request import Request
from bot.core.commands.verbs.copy import Copy
from bot.core.ports.store import Subscriptions
from bot.core.subscription import DeliveryMode, EventFilter, Place, Subscription, Target
from bot.responder.places import Places
from bot.responder.subscription_finder import SubscriptionFinder
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True)
class SubscriptionCopier:
    """Answers `copy`."""

    catalog: Catalog
    subscriptions: Subscriptions
    places: Places
    finder: SubscriptionFinder
    zones: Zones

    async def copy(self, command: Copy, request: Request) -> Card:
        """Make the subscriptions that the other place does not have in the same terms. Raises
        BotError.

        A subscription in the same terms stays as it is: to make it again would reset its baseline.
        """
        source = await self.places.resolve(command.where, request)
        if not command.to:
            return copy_where_card(replace(command, where=where_word(source)), source)
        place = await self.places.resolve_for_posts(command.to, request, option="to")
        command = replace(command, where=where_word(source), to=where_word(place))
        if place == source:
            return uncopied_card(command, is_same_place=True)
        found = await self.finder.resolve_target(command, source, request)
        if isinstance(found, Card):
            return found
        live = await self._live(source)
        subscriptions = [_moved(one, place, request) for one in live if found in (None, one.target)]
        if not subscriptions:
            return uncopied_card(command, is_same_place=False)
        present = {_terms(one) for one in await self._live(place)}
        missing = [one for one in subscriptions if _terms(one) not in present]
        if missing:
            await self.subscriptions.copy(
                missing,
                request_key=request.key,
                language=await self.zones.first_language(place, request),
            )
        return copied_card(
            missing,
            existing=[one for one in subscriptions if one not in missing],
            command=command,
            place=place,
            invitation=await self.places.settle(place),
            naming=partial(self.catalog.name_of, self.catalog.project(place.team_id)),
        )

    async def _live(self, place: Place) -> list[Subscription]:
        kept = await self.subscriptions.list_subscriptions(
            self.catalog.project(place.team_id), place=place
        )
        return [one for one in kept if is_live(one)]


def _moved(one: Subscription, place: Place, request: Request) -> Subscription:
    """Return the same subscription for another place; its next good read becomes the baseline."""
    return replace(one, place=place, created_by=request.user_id, id=0)


def _terms(one: Subscription) -> tuple[Target, EventFilter, DeliveryMode, datetime | None]:
    """Return all of a subscription except its place and its author."""
    return one.target, one.event_filter, one.delivery_mode, one.until
