"""Answers the sentences about snoozes, quiet hours and digests."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.calm import (
    digest_declined_card,
    digest_set_card,
    not_followed_card,
    quiet_set_card,
    snoozed_card,
    woken_card,
)
from bot.core.cards.calm_words import PlaceCalm
from bot.core.cards.card import Card
from bot.core.cards.reply import Reply
from bot.core.commands.calm_targets import Here, Me
from bot.core.commands.digest import SetDigest
from bot.core.commands.quiet import SetQuietHours
from bot.core.commands.request import Request
from bot.core.commands.snooze import Snooze
from bot.core.commands.until import is_by_the_clock, until_moment
from bot.core.commands.verbs import AboutCalm, AboutRules, AboutSnoozes
from bot.core.commands.wake import Wake
from bot.core.hold import Hold, HoldScope
from bot.core.job import VisualizationJob
from bot.core.place_rules import PlaceRules
from bot.core.ports.calm import Calm
from bot.core.ports.place_rules import PlaceRulesBook
from bot.core.ports.store import Subscriptions
from bot.core.ports.time import Clock
from bot.core.subscription import Place
from bot.responder.job_finder import JobFinder
from bot.responder.places import Places
from bot.responder.rule_changes import announced
from bot.responder.zones import Zones


class Calmer:
    """Records what people want to hear nothing of, and confirms it. Each method raises BotError."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        finder: JobFinder,
        calm: Calm,
        rules: PlaceRulesBook,
        subscriptions: Subscriptions,
        places: Places,
        zones: Zones,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._finder = finder
        self._calm = calm
        self._rules = rules
        self._subscriptions = subscriptions
        self._places = places
        self._zones = zones
        self._clock = clock

    async def answer(self, command: AboutCalm, request: Request) -> Reply:
        """Record it, or ask which job is meant. A channel reads who changed its rules."""
        place = await self._place(command, request)
        match command:
            case Snooze() | Wake():
                job = await self._job(command, request)
                if isinstance(job, Card):
                    return Reply(card=job)
                if isinstance(command, Wake):
                    return Reply(card=await self._wake(command, job, place, request))
                return Reply(card=await self._snooze(command, job, place, request))
            case SetQuietHours() | SetDigest():
                return await self._set_rule(command, place, request)

    async def held_in(self, team_id: str) -> Mapping[Place, PlaceCalm]:
        """The rules of each place that has any, and what is held there now."""
        held: dict[Place, list[Hold]] = defaultdict(list)
        for hold in await self._calm.calm_of(team_id):
            held[Place(team_id=team_id, channel_id=hold.scope.channel_id)].append(hold)
        ruled = {rules.place: rules for rules in await self._rules.all_rules(team_id)}
        return {
            place: PlaceCalm(
                rules=ruled.get(place, PlaceRules(place=place)), holds=held.get(place, ())
            )
            for place in {*held, *ruled}
        }

    async def _place(self, command: AboutCalm, request: Request) -> Place:
        target = command.job if isinstance(command, Snooze | Wake) else command.place
        return await self._places.resolve("dm" if isinstance(target, Me) else "", request)

    async def _job(self, command: AboutSnoozes, request: Request) -> VisualizationJob | Card | None:
        """The job, as the index knows it; None where all of a place is meant."""
        if isinstance(command.job, Here | Me):
            return None
        return await self._finder.known_job(command.job, command, request)

    async def _snooze(
        self, command: Snooze, job: VisualizationJob | None, place: Place, request: Request
    ) -> Card:
        now = self._clock()
        if job and not await self._is_followed(job, place):
            return not_followed_card(job, place)
        zone = await self._zones.zone_of(request) if is_by_the_clock(command.until) else None
        until = until_moment(command.until, now, zone or UTC) or now
        await self._calm.snooze(
            self._scope(place, job), until=until, by=request.user_id, request_key=request.key
        )
        return snoozed_card(command, job=job, place=place, until=until, zone=zone)

    async def _wake(
        self, command: Wake, job: VisualizationJob | None, place: Place, request: Request
    ) -> Card:
        ended = await self._calm.wake(self._scope(place, job), request_key=request.key)
        holds = await self._calm.calm_of(place.team_id, place=place)
        # The snooze of another job holds nothing of this one.
        still = [hold for hold in holds if not hold.scope.job_id]
        return woken_card(command, ended, job=job, place=place, still=still)

    async def _set_rule(self, command: AboutRules, place: Place, request: Request) -> Reply:
        before, zone = await self._rules.rules_of(place), await self._zones.zone_of(request)
        if isinstance(command, SetDigest) and command.is_declined:
            await self._rules.decline_digest(place)
            return Reply(card=digest_declined_card(command, before))
        if isinstance(command, SetQuietHours):
            rules = replace(before, quiet_hours=command.quiet_hours)
            is_set = command.quiet_hours is not None
        else:
            rules = replace(before, digest=command.digest)
            is_set = command.digest is not None
        if is_set:
            rules = replace(rules, time_zone=zone.key, set_by=request.user_id)
        await self._rules.set_rules(rules, request_key=request.key)
        now = self._clock()
        if isinstance(command, SetQuietHours):
            card = quiet_set_card(command, before, rules, zone=zone, now=now)
        else:
            card = digest_set_card(command, before, rules, zone=zone, now=now)
        return Reply(card=card, announcement=announced(before, rules, by=request.user_id))

    async def _is_followed(self, job: VisualizationJob, place: Place) -> bool:
        here = await self._subscriptions.list_subscriptions(
            self._catalog.project(place.team_id), place=place
        )
        return bool(covering(here, job, self._clock()))

    def _scope(self, place: Place, job: VisualizationJob | None) -> HoldScope:
        if job is None:
            return HoldScope(team_id=place.team_id, channel_id=place.channel_id)
        return HoldScope(
            team_id=place.team_id,
            channel_id=place.channel_id,
            project_id=self._catalog.project(place.team_id).project_id,
            job_id=job.id,
        )
