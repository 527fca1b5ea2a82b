"""Makes several subscriptions of a place at once, as Undo does."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.subscriptions.restored import restored_card
from bot.core.cards.words.subscription_words import where_word
from bot.core.commands.request import Request
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeSeveral
from bot.core.errors import BadCommand
from bot.core.ports.store import Subscriptions
from bot.core.subscription import (
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    Target,
)
from bot.core.text import say
from bot.responder.job_finder import JobFinder
from bot.responder.new_subscription import NewSubscriptions
from bot.responder.places import Places
from bot.responder.subscription_finder import unknown_job
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True)
class SeveralSubscriber:
    """Reads the index, the database and Slack, never the cloud: the next good read is the
    baseline."""

    catalog: Catalog
    subscriptions: Subscriptions
    places: Places
    finder: JobFinder
    zones: Zones
    new: NewSubscriptions

    async def subscribe(self, command: SubscribeSeveral, request: Request) -> Card:
        """Make all subscriptions except those whose end is past, or none on an error. Raises
        BotError."""
        place = await self.places.resolve_for_posts(command.each[0].where, request)
        zone = await self.zones.zone_of(request)
        made = await self._made(command.each, place, request, zone)
        await self.subscriptions.copy(
            made,
            request_key=request.key,
            language=await self.zones.first_language(place, request),
        )
        again = (replace(one, where=where_word(place)) for one in command.each)
        return restored_card(
            made,
            command=SubscribeSeveral(tuple(again)),
            place=place,
            invitation=await self.places.settle(place),
            naming=partial(self.catalog.name_of, self.catalog.project(place.team_id)),
        )

    async def _made(
        self, each: Sequence[Subscribe], place: Place, request: Request, zone: tzinfo
    ) -> list[Subscription]:
        made = []
        for one in each:
            target = await self._target(one, request)
            with suppress(BadCommand):
                made.append(self.new.of(one, request, target, place, zone))
        if not made:
            raise BadCommand(say("That moment is over."), hint=say("Choose a later one."))
        return made

    async def _target(self, one: Subscribe, request: Request) -> Target:
        match one.job:
            case NamePattern(text=pattern):
                return PatternTarget(pattern)
            case WholeProject():
                return ProjectTarget()
            case ref:
                ids = await self.finder.known_ids(ref, request)
                if len(ids) != 1:
                    raise unknown_job(ref)
                return JobTarget(ids[0])
