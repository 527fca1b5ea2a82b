"""Answers to the sentences about subscriptions. It posts nothing itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import assert_never

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.card import Card
from bot.core.cards.jobs.care import running_already
from bot.core.cards.jobs.job_actions import Following
from bot.core.cards.reply import Reply
from bot.core.cards.subscriptions.subscriptions import subscribed_card
from bot.core.cards.subscriptions.unsubscribe_question import ask_before_unsubscribing
from bot.core.cards.words.subscription_words import spoken, where_word
from bot.core.change import Event, is_ended_status
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobRef
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.times.until import exact_words, is_by_the_clock
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.subscribe import Subscribe, SubscribeSeveral
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
from bot.responder.subscription_lister import SubscriptionLister
from bot.responder.unsubscriber import Unsubscriber
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Answers the sentences about subscriptions."""

    catalog: Catalog
    finder: JobFinder
    subscriptions: Subscriptions
    places: Places
    zones: Zones
    new: NewSubscriptions
    several: SeveralSubscriber
    unsubscriber: Unsubscriber
    copier: SubscriptionCopier
    lister: SubscriptionLister
    explainer: Explainer
    guard_hours: Sequence[int]
    clock: Clock
    #: How many seconds a read may take before a subscription is recorded without its baseline.
    patience: float

    async def answer(
        self,
        command: SubscribeSeveral | Unsubscribe | Copy | ListSubscriptions | Why,
        request: Request,
    ) -> Reply:
        """Answer a sentence that makes no single subscription. Raises BotError."""
        match command:
            case SubscribeSeveral():
                return Reply(card=await self.several.subscribe(command, request))
            case Unsubscribe():
                return await self.unsubscriber.unsubscribe(command, request)
            case Copy():
                return Reply(card=await self.copier.copy(command, request))
            case ListSubscriptions():
                card = await self.lister.list_subscriptions(command, request)
                return Reply(card=card)
            case Why():
                return Reply(card=await self.explainer.why(command, request))
            case _:
                assert_never(command)

    async def subscribe(self, command: Subscribe, request: Request) -> CommandResult:
        """Check that the job exists, record the subscription, confirm it. Raises BotError."""
        place = await self.places.resolve_for_posts(command.where, request)
        found = await self._target(command, request)
        if isinstance(found, Card):
            return CommandResult(card=found, asks_back=True)
        target, baseline = found
        zone = await self.zones.zone_of(request) if is_by_the_clock(command.until) else None
        subscription = self.new.of(command, request, target, place, zone or UTC)
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
            return CommandResult(card=await self.explainer.preview(subscription, again))
        kept = await self.subscriptions.subscribe(
            subscription,
            baseline=baseline,
            request_key=request.key,
            language=await self.zones.first_language(place, request),
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
            invitation=await self.places.settle(place),
            naming=(
                (lambda _: baseline.name)
                if baseline
                else partial(self.catalog.name_of, subscription.project)
            ),
        )
        return _followed(kept.subscription, ask_before_unsubscribing(card, place), request)

    def _already(self, kept: Subscription, baseline: VisualizationJob | None) -> Words:
        """Return what the place will get no message about: a job that has ended, a pattern that
        matches no job, or jobs that are past a mark of running hours."""
        if baseline and is_ended_status(baseline.status):
            return say("It has ended already; I'll post when it is restarted.")
        known = [baseline] if baseline else self.catalog.known(kept.project)
        jobs = [job for job in known if matches(kept.target, job)]
        if known and not jobs and isinstance(kept.target, PatternTarget):
            return say("No job has such a name now; I'll post about those that get one.")
        if not kept.event_filter.names(Event.COST):
            return ""
        return running_already(jobs, self.guard_hours)

    async def following(self, job: VisualizationJob, request: Request) -> Following:
        """Return whether the place of the request follows the job; NO if the database does not
        answer."""
        if not request.channel_id:
            return Following.NO
        place = request.place
        try:
            here = await self.subscriptions.followed_in(
                self.catalog.project(request.team_id), place
            )
        except StoreUnavailable:
            return Following.NO
        live = covering(here, job, self.clock())
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
            async with asyncio.timeout(self.patience):
                found = await self.finder.find(command, request)
        except (TimeoutError, SourceUnavailable) as error:
            # People subscribe most while the cloud is down: the first good read is the baseline.
            ids = await self.finder.known_ids(ref, request)
            if len(ids) != 1:
                raise _unclear(error) from error
            self.finder.note(ids[0], request)
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
