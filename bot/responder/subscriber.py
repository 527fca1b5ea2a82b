"""Answers to the sentences about subscriptions. It posts nothing itself."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC
from typing import assert_never

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.card import Card
from bot.core.cards.jobs.care import running_already
from bot.core.cards.jobs.job_actions import Following
from bot.core.cards.reply import Reply
from bot.core.cards.subscriptions.subscribe_form import FilledIn
from bot.core.cards.subscriptions.subscriptions import subscribed_card
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.cards.words.subscription_words import spoken, where_word
from bot.core.change import Event, is_ended_status
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobRef
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.times.until import exact_words, is_by_the_clock
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeForm, SubscribeSeveral
from bot.core.commands.verbs.subscriptions import ListSubscriptions
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.errors import BotError, SourceUnavailable, StoreUnavailable
from bot.core.job import VisualizationJob
from bot.core.outcome import Followed
from bot.core.ports.store import Subscriptions
from bot.core.ports.time import Clock
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    Target,
    matches,
)
from bot.core.text import Words, say
from bot.responder.explainer import Explainer
from bot.responder.job_finder import JobFinder
from bot.responder.new_subscription import NewSubscriptions
from bot.responder.places import Places
from bot.responder.replies import CommandResult
from bot.responder.several_subscriber import SeveralSubscriber
from bot.responder.subscription_copier import SubscriptionCopier
from bot.responder.subscription_filler import SubscriptionFiller
from bot.responder.subscription_finder import SubscriptionFinder
from bot.responder.subscription_lister import HeldInPlaces, SubscriptionLister
from bot.responder.unsubscriber import Unsubscriber
from bot.responder.zones import Zones


class Subscriber:
    """Answers the sentences about subscriptions.

    `patience` is how many seconds a read may take before the subscription is recorded without its
    baseline.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        finder: JobFinder,
        subscriptions: Subscriptions,
        explainer: Explainer,
        places: Places,
        zones: Zones,
        place_holds: HeldInPlaces,
        slash_command: str,
        guard_hours: Sequence[int] = (),
        clock: Clock,
        patience: float = 1.2,
    ) -> None:
        self._catalog = catalog
        self._finder = finder
        self._subscriptions = subscriptions
        self._places = places
        self._subscription_finder = names = SubscriptionFinder(catalog, finder, subscriptions)
        self._subscription_copier = SubscriptionCopier(catalog, subscriptions, places, names, zones)
        self._subscription_lister = SubscriptionLister(
            catalog, subscriptions, places, names, place_holds
        )
        self._unsubscriber = Unsubscriber(
            catalog, subscriptions, places, names, slash_command=slash_command
        )
        self._new = NewSubscriptions(catalog, clock)
        self._several = SeveralSubscriber(
            catalog, subscriptions, places, finder, names, zones, self._new
        )
        self._filler = SubscriptionFiller(
            catalog=catalog,
            finder=finder,
            subscriptions=subscriptions,
            places=places,
            names=self._subscription_finder,
            zones=zones,
            clock=clock,
        )
        self._explainer = explainer
        self._zones = zones
        self._guard_hours = guard_hours
        self._clock = clock
        self._patience = patience

    async def answer(
        self,
        command: SubscribeSeveral | Unsubscribe | Copy | ListSubscriptions | Why,
        request: Request,
    ) -> Reply:
        """Answer a sentence that makes no single subscription. Raises BotError."""
        match command:
            case SubscribeSeveral():
                return Reply(card=await self._several.subscribe(command, request))
            case Unsubscribe():
                return await self._unsubscriber.unsubscribe(command, request)
            case Copy():
                return Reply(card=await self._subscription_copier.copy(command, request))
            case ListSubscriptions():
                card = await self._subscription_lister.list_subscriptions(command, request)
                return Reply(card=card)
            case Why():
                return Reply(card=await self._explainer.why(command, request))
            case _:
                assert_never(command)

    async def subscribe(self, command: Subscribe, request: Request) -> CommandResult:
        """Check that the job exists, record the subscription, confirm it. Raises BotError."""
        place = await self._places.resolve_for_posts(command.where, request)
        found = await self._target(command, request)
        if isinstance(found, Card):
            return CommandResult(card=found, asks_back=True)
        target, baseline = found
        zone = await self._zones.zone_of(request) if is_by_the_clock(command.until) else None
        subscription = self._new.of(command, request, target, place, zone or UTC)
        until = subscription.until
        again = Subscribe(
            job=spoken(target),
            event_filter=command.event_filter,
            where=where_word(place),
            # As an exact moment, because another person may send it from another zone.
            until=exact_words(until) if zone and until else command.until,
            delivery_mode=command.delivery_mode,
        )
        if command.preview:
            return CommandResult(card=await self._explainer.preview(subscription, again))
        kept = await self._subscriptions.subscribe(
            subscription,
            baseline=baseline,
            request_key=request.key,
            language=await self._zones.first_language(place, request),
        )
        has_ended = baseline is not None and is_ended_status(baseline.status)
        is_said = kept.is_new or has_ended
        card = subscribed_card(
            kept.subscription,
            command=again,
            is_new=kept.is_new,
            zone=zone,
            already=self._already(kept.subscription, baseline) if is_said else "",
            has_ended=has_ended,
            invitation=await self._places.settle(place),
            naming=(
                (lambda _: baseline.name)
                if baseline
                else self._subscription_finder.names_in(subscription.project)
            ),
        )
        return _followed(kept.subscription, ask_before_unsubscribing(card, place), request)

    def _already(self, kept: Subscription, baseline: VisualizationJob | None) -> Words:
        """Return what the place will get no message about: a job that has ended, a pattern that
        matches no job, or jobs that are past a mark of running hours."""
        if baseline and is_ended_status(baseline.status):
            return say("It has ended already; I'll post when it is restarted.")
        known = [baseline] if baseline else self._catalog.known(kept.project)
        jobs = [job for job in known if matches(kept.target, job)]
        if known and not jobs and isinstance(kept.target, PatternTarget):
            return say("No job has such a name now; I'll post about those that get one.")
        if not kept.event_filter.names(Event.COST):
            return ""
        return running_already(jobs, self._guard_hours)

    async def fill(self, command: SubscribeForm, request: Request) -> FilledIn:
        """Return what the subscribe form begins with. Raises BotError."""
        return await self._filler.fill(command.said, request)

    async def open_to(self, request: Request, places: Collection[Place]) -> set[Place]:
        """Return those places that the person may see."""
        return await self._places.open_to(request, places)

    async def following(self, job: VisualizationJob, request: Request) -> Following:
        """Return whether the place of the request follows the job; NO if the database does not
        answer."""
        if not request.channel_id:
            return Following.NO
        place = request.place
        try:
            here = await self._subscriptions.followed_in(
                self._catalog.project(request.team_id), place
            )
        except StoreUnavailable:
            return Following.NO
        live = covering(here, job, self._clock())
        if any(isinstance(one.target, JobTarget) for one in live):
            return Following.YES
        return Following.WITH_OTHERS if live else Following.NO

    async def _target(
        self, command: Subscribe, request: Request
    ) -> tuple[Target, VisualizationJob | None] | Card:
        """Return the target and its baseline, or a card that asks which job is meant."""
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


def _followed(kept: Subscription, card: Card, request: Request) -> CommandResult:
    """Return the answer; for a single job also the outcome, and the channel if it is another."""
    target, place_id = kept.target, kept.place.channel_id
    if not isinstance(target, JobTarget):
        return CommandResult(card=card)
    is_card_alone = kept.delivery_mode is DeliveryMode.CARD
    outcome = Followed(by=request.user_id, is_card_alone=is_card_alone)
    elsewhere = "" if place_id == request.channel_id else place_id
    return CommandResult(card=card, job_id=target.job_id, outcome=outcome, channel_id=elsewhere)


def _unclear(error: BaseException) -> BotError:
    if isinstance(error, BotError):
        return error
    return SourceUnavailable(
        say("ModelArts takes too long to say which job that is."),
        hint=say("Use the job's id: then I subscribe at once."),
    )
