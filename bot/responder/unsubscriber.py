"""Ends subscriptions of a place, after a question where a mistake would affect others."""

from dataclasses import dataclass, replace
from functools import partial

from bot.catalog import Catalog
from bot.core.audience import is_live
from bot.core.cards.card import Card
from bot.core.cards.reply import Reply
from bot.core.cards.subscriptions.subscriptions import unsubscribed_card
from bot.core.cards.subscriptions.unsubscribe_question import (
    unsubscribe_question_card,
    wider_subscriptions_card,
)
from bot.core.cards.words.subscription_words import where_word
from bot.core.commands.request import Request
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.ports.store import Subscriptions
from bot.core.subscription import JobTarget, Place, ProjectTarget, Subscription, Target
from bot.responder.places import Places
from bot.responder.subscription_finder import SubscriptionFinder


@dataclass(frozen=True, slots=True)
class Unsubscriber:
    """Answers `unsubscribe`."""

    catalog: Catalog
    subscriptions: Subscriptions
    places: Places
    finder: SubscriptionFinder
    slash_command: str

    async def unsubscribe(self, command: Unsubscribe, request: Request) -> Reply:
        """End subscriptions of a place. In a channel, ask first if a menu was used, which cannot
        ask by itself, or if the sentence ends several. Raises BotError."""
        place = await self.places.resolve(command.where, request)
        found = await self.finder.resolve_target(command, place, request)
        if isinstance(found, Card):
            return Reply(card=found)
        project = self.catalog.project(place.team_id)
        names = partial(self.catalog.name_of, project)
        if not request.is_press and not place.is_direct:
            ending = await self._ending(place, found)
            if len(ending) > (0 if request.is_pick else 1):
                exact = replace(command, where=where_word(place))
                card = unsubscribe_question_card(ending, command=exact, place=place, naming=names)
                return Reply(card=card)
        removed = await self.subscriptions.unsubscribe(
            project,
            place,
            found,
            by=request.user_id,
            request_key=request.key,
        )
        wider = await self._wider(place, found)
        if wider and not removed and isinstance(found, JobTarget):
            card = wider_subscriptions_card(wider, place=place, naming=names)
            # The answer opens as a dialog, because a reply in the thread of the card may go unread.
            return Reply(card=card, is_dialog=request.is_press)
        card = unsubscribed_card(
            removed,
            asked=command,
            place=place,
            naming=names,
            still=wider,
            slash_command=self.slash_command,
        )
        return Reply(card=card)

    async def _wider(self, place: Place, target: Target | None) -> list[Subscription]:
        """Return the live, wider subscriptions that still cover the target."""
        if target is None or isinstance(target, ProjectTarget):
            return []
        here = [one for one in await self._ending(place, None) if is_live(one)]
        if isinstance(target, JobTarget):
            return [one for one in here if self.finder.covers(one, target.job_id)]
        return [one for one in here if isinstance(one.target, ProjectTarget)]

    async def _ending(self, place: Place, target: Target | None) -> list[Subscription]:
        here = await self.subscriptions.list_subscriptions(
            self.catalog.project(place.team_id), place=place
        )
        return [one for one in here if target in (None, one.target)]
