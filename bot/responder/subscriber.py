"""Answers the sentences about subscriptions. It posts nothing itself."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, timedelta, tzinfo

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.card import Card
from bot.core.cards.care import running_already
from bot.core.cards.leaving import ask_before_leaving
from bot.core.cards.subscribe_form import FilledIn
from bot.core.cards.subscription_words import spoken, where_word
from bot.core.cards.subscriptions import subscribed_card
from bot.core.change import Event, is_ended_status
from bot.core.commands.copy import Copy
from bot.core.commands.job_reference import JobRef
from bot.core.commands.request import Request
from bot.core.commands.subscribe import Subscribe, SubscribeForm
from bot.core.commands.subscriptions import ListSubscriptions
from bot.core.commands.targets import NamePattern, WholeProject
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.until import exact_words, is_by_the_clock, until_moment
from bot.core.commands.why import Why
from bot.core.errors import BotError, SourceUnavailable, StoreUnavailable
from bot.core.job import VisualizationJob
from bot.core.outcome import Followed
from bot.core.ports.store import History, Recordings, Subscriptions
from bot.core.ports.time import Clock
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    Target,
    matches,
    usual_filter,
)
from bot.core.text import Words, say
from bot.responder.explainer import Explainer
from bot.responder.job_finder import JobFinder
from bot.responder.places import Places
from bot.responder.replies import Done
from bot.responder.subscription_copier import SubscriptionCopier
from bot.responder.subscription_filler import SubscriptionFiller
from bot.responder.subscription_finder import SubscriptionFinder
from bot.responder.subscription_lister import HeldInPlaces, SubscriptionLister
from bot.responder.unsubscriber import Unsubscriber
from bot.responder.zones import Zones


class Subscriber:
    """Answers the sentences about subscriptions.

    `patience` is how many seconds a read may take before the subscription is recorded without
    its baseline.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        finder: JobFinder,
        subscriptions: Subscriptions,
        history: History,
        recordings: Recordings,
        poll_interval: timedelta,
        places: Places,
        zones: Zones,
        calm: HeldInPlaces,
        guard_hours: Sequence[int] = (),
        clock: Clock,
        patience: float = 1.2,
    ) -> None:
        self._catalog = catalog
        self._finder = finder
        self._subscriptions = subscriptions
        self._places = places
        self._subscription_finder = SubscriptionFinder(catalog, finder, subscriptions)
        self._subscription_copier = SubscriptionCopier(
            catalog, subscriptions, places, self._subscription_finder, zones
        )
        self._subscription_lister = SubscriptionLister(
            catalog, subscriptions, places, self._subscription_finder, calm
        )
        self._unsubscriber = Unsubscriber(catalog, subscriptions, places, self._subscription_finder)
        self._filler = SubscriptionFiller(
            catalog=catalog,
            finder=finder,
            subscriptions=subscriptions,
            places=places,
            names=self._subscription_finder,
            zones=zones,
            clock=clock,
        )
        self._explainer = Explainer(
            catalog, finder, subscriptions, history, recordings, places,
            self._subscription_finder, calm, poll_interval, clock,
        )  # fmt: skip
        self._zones = zones
        self._guard_hours = guard_hours
        self._clock = clock
        self._patience = patience

    async def subscribe(self, command: Subscribe, request: Request) -> Done:
        """Check that the job exists, record the subscription, confirm it. Raises BotError."""
        place = await self._places.resolve_for_posts(command.where, request)
        found = await self._target(command, request)
        if isinstance(found, Card):
            return Done(card=found, asks_back=True)
        target, baseline = found
        zone = await self._zones.zone_of(request) if is_by_the_clock(command.until) else None
        subscription = self._subscription(command, request, place, target, zone=zone or UTC)
        until = subscription.until
        again = Subscribe(
            job=spoken(target),
            event_filter=command.event_filter,
            where=where_word(place),
            # In a zone of its own, whoever says it again.
            until=exact_words(until) if zone and until else command.until,
            delivery_mode=command.delivery_mode,
        )
        if command.preview:
            return Done(card=await self._explainer.preview(subscription, again))
        kept = await self._subscriptions.subscribe(
            subscription,
            baseline=baseline,
            request_key=request.key,
            language=await self._zones.first_language(place, request),
        )
        card = subscribed_card(
            kept.subscription,
            command=again,
            is_new=kept.is_new,
            zone=zone,
            already=self._already(kept.subscription, baseline) if kept.is_new else "",
            invitation=await self._places.settle(place),
            naming=(
                (lambda _: baseline.name)
                if baseline
                else self._subscription_finder.names_in(subscription.project)
            ),
        )
        return _followed(kept.subscription, ask_before_leaving(card, place), request)

    def _already(self, kept: Subscription, baseline: VisualizationJob | None) -> Words:
        """What is no news to this place: that the job has ended, or which of its jobs run beyond a
        mark."""
        if baseline and is_ended_status(baseline.status):
            return say("It has ended already; I'll post when it is restarted.")
        if not kept.event_filter.names(Event.COST):
            return ""
        known = [baseline] if baseline else self._catalog.known(kept.project)
        jobs = [job for job in known if matches(kept.target, job)]
        return running_already(jobs, self._guard_hours)

    async def fill(self, command: SubscribeForm, request: Request) -> FilledIn:
        """What a subscribe form begins with. Raises BotError."""
        return await self._filler.fill(command.said, request)

    async def copy(self, command: Copy, request: Request) -> Card:
        """Copy subscriptions to another place. Raises BotError."""
        return await self._subscription_copier.copy(command, request)

    async def unsubscribe(self, command: Unsubscribe, request: Request) -> Card:
        """End subscriptions of a place, or ask first. Raises BotError."""
        return await self._unsubscriber.unsubscribe(command, request)

    async def list_subscriptions(self, command: ListSubscriptions, request: Request) -> Card:
        """List subscriptions, and what is held of them. Raises BotError."""
        return await self._subscription_lister.list_subscriptions(command, request)

    async def follows(self, job: VisualizationJob, request: Request) -> bool:
        """True if the place of the request follows the job, as far as the database can say now."""
        if not request.channel_id:
            return False
        place = Place(team_id=request.team_id, channel_id=request.channel_id)
        try:
            here = await self._subscriptions.list_subscriptions(
                self._catalog.project(request.team_id), place=place
            )
        except StoreUnavailable:
            return False
        return bool(covering(here, job, self._clock()))

    async def why(self, command: Why, request: Request) -> Card:
        """The recorded changes of a job, and their deliveries to this place. Raises BotError."""
        return await self._explainer.why(command, request)

    async def _target(
        self, command: Subscribe, request: Request
    ) -> tuple[Target, VisualizationJob | None] | Card:
        """The target and its baseline, or a question to the asker."""
        match command.job:
            case NamePattern(text=pattern):
                return PatternTarget(pattern), None
            case WholeProject():
                return ProjectTarget(), None
            case ref:
                return await self._job_target(command, ref, request)

    async def _job_target(
        self, command: Subscribe, ref: JobRef, request: Request
    ) -> tuple[Target, VisualizationJob | None] | Card:
        try:
            async with asyncio.timeout(self._patience):
                found = await self._finder.find(command, request)
        except (TimeoutError, SourceUnavailable) as error:
            # People subscribe most while the cloud is down: the first good read is the baseline.
            ids = await self._finder.known_ids(ref, request)
            if len(ids) != 1:
                raise _unclear(error) from error
            self._finder.note(ids[0], request)
            return JobTarget(ids[0]), None
        return found if isinstance(found, Card) else (JobTarget(found.id), found)

    def _subscription(
        self,
        command: Subscribe,
        request: Request,
        place: Place,
        target: Target,
        *,
        zone: tzinfo,
    ) -> Subscription:
        now = self._clock()
        said = EventFilter(command.event_filter) if command.event_filter else None
        return Subscription(
            place=place,
            project_id=self._catalog.project(place.team_id).project_id,
            target=target,
            event_filter=said or usual_filter(target),
            delivery_mode=command.delivery_mode or DeliveryMode.THREAD,
            created_by=request.user_id,
            created_at=now,
            until=until_moment(command.until, now, zone),
        )


def _followed(kept: Subscription, card: Card, request: Request) -> Done:
    """What was pressed, or is answered by it, is about one job, and about where it stands."""
    target, place_id = kept.target, kept.place.channel_id
    if not isinstance(target, JobTarget):
        return Done(card=card)
    is_card_alone = kept.delivery_mode is DeliveryMode.CARD
    outcome = Followed(by=request.user_id, is_card_alone=is_card_alone)
    elsewhere = "" if place_id == request.channel_id else place_id
    return Done(card=card, job_id=target.job_id, outcome=outcome, channel_id=elsewhere)


def _unclear(error: BaseException) -> BotError:
    if isinstance(error, BotError):
        return error
    return SourceUnavailable(
        say("ModelArts takes too long to say which job that is."),
        hint=say("Use the job's id: then I subscribe at once."),
    )
