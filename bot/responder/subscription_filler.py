"""Fills the subscribe form from the sentence and from the subscription that exists already."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.form import Option
from bot.core.cards.subscriptions.subscribe_form import FilledIn
from bot.core.cards.words.subscription_words import spoken, target_words
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobRef, ThisJob
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.times.until import is_by_the_clock, until_moment
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.errors import MessengerError
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
)
from bot.responder.job_finder import JobFinder
from bot.responder.places import Places
from bot.responder.zones import Zones

# If several subscriptions cover a job, the form changes the narrowest.
_WIDTH: dict[type, int] = {JobTarget: 0, PatternTarget: 1, ProjectTarget: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFiller:
    """Reads the index, the database and Slack, never the cloud."""

    catalog: Catalog
    finder: JobFinder
    subscriptions: Subscriptions
    places: Places
    zones: Zones
    clock: Clock

    async def fill(self, said: Subscribe | None, request: Request) -> FilledIn:
        """Return what the form begins with. Raises BotError."""
        if said is None:
            return FilledIn(channel_id=await self._direct(request))
        place = await self.places.resolve(said.where, request)
        target = await self._target(said.job, request)
        existing = await self._existing(target, place, request) if target else None
        if existing:
            target = existing.target
        until = await self._until(said, existing, request)
        return FilledIn(
            job=self._option(target, place) if target else None,
            channel_id=place.channel_id,
            event_filter=said.event_filter or (existing.event_filter.text if existing else ""),
            until=until,
            delivery_mode=said.delivery_mode
            or (existing.delivery_mode if existing else DeliveryMode.THREAD),
            is_change=existing is not None,
        )

    async def _direct(self, request: Request) -> str:
        """Return the person's direct message if the request has no channel; empty if it has one, or
        if Slack does not answer."""
        if not request.channel_id:
            with suppress(MessengerError):
                return (await self.places.resolve("dm", request)).channel_id
        return ""

    async def _target(
        self, job: JobRef | NamePattern | WholeProject, request: Request
    ) -> Target | None:
        match job:
            case NamePattern(text=pattern):
                return PatternTarget(pattern)
            case WholeProject():
                return ProjectTarget()
            case ThisJob():
                return None
            case ref:
                ids = await self.finder.known_ids(ref, request)
                return JobTarget(ids[0]) if len(ids) == 1 else None

    async def _existing(
        self, target: Target, place: Place, request: Request
    ) -> Subscription | None:
        """Return the subscription of the target, else the narrowest one that covers its job."""
        project = self.catalog.project(request.team_id)
        here = await self.subscriptions.list_subscriptions(project, place=place)
        exact = [one for one in here if one.target == target]
        if exact or not isinstance(target, JobTarget):
            return exact[0] if exact else None
        job = self.catalog.last_known(project, target.job_id)
        wider = covering(here, job, self.clock()) if job else []
        return min(wider, key=lambda one: _WIDTH[type(one.target)], default=None)

    async def _until(
        self, said: Subscribe, existing: Subscription | None, request: Request
    ) -> datetime | None:
        now = self.clock()
        if said.until:
            is_local = is_by_the_clock(said.until)
            zone = await self.zones.zone_of(request) if is_local else UTC
            return until_moment(said.until, now, zone)
        ends_at = existing.until if existing else None
        return ends_at if ends_at and ends_at > now else None

    def _option(self, target: Target, place: Place) -> Option:
        names = partial(self.catalog.name_of, self.catalog.project(place.team_id))
        return Option(label=target_words(target, names), word=spoken(target).text)
