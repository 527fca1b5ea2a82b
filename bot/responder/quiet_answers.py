"""Answers to the sentences about snoozes, quiet hours and digests."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.card import Card
from bot.core.cards.holds.rule_set import RuleChange, rule_set_card
from bot.core.cards.holds.rule_shown import ShownRules, digest_shown_card, quiet_shown_card
from bot.core.cards.holds.snoozes import (
    digest_declined_card,
    not_followed_card,
    snoozed_card,
    woken_card,
)
from bot.core.cards.holds.which_snooze import which_snooze_card
from bot.core.cards.words.hold_words import PlaceHolds
from bot.core.commands.request import Request
from bot.core.commands.targets.hold_targets import Here, Me
from bot.core.commands.times.until import is_by_the_clock, until_moment
from bot.core.commands.verbs.digest import SetDigest
from bot.core.commands.verbs.quiet import SetQuietHours
from bot.core.commands.verbs.registry import AboutHolds, AboutRules, AboutSnoozes
from bot.core.commands.verbs.show_digest import ShowDigest
from bot.core.commands.verbs.show_quiet import ShowQuietHours
from bot.core.commands.verbs.snooze import Snooze
from bot.core.commands.verbs.wake import Wake
from bot.core.errors import MessengerError
from bot.core.hold import OF_QUIET_HOURS, Hold, HoldReason, HoldScope
from bot.core.job import VisualizationJob
from bot.core.outcome import DigestDecided
from bot.core.place_rules import PlaceRules
from bot.core.ports.place_rules import PlaceRulesBook
from bot.core.ports.snoozes import Snoozes
from bot.core.ports.store import Subscriptions
from bot.core.ports.time import Clock
from bot.core.subscription import Place
from bot.responder.job_finder import JobFinder
from bot.responder.places import Places
from bot.responder.replies import CommandResult
from bot.responder.rule_changes import announced
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietAnswers:
    """Records and confirms snoozes, quiet hours and digests. Each method raises BotError."""

    catalog: Catalog
    finder: JobFinder
    snoozes: Snoozes
    rules: PlaceRulesBook
    subscriptions: Subscriptions
    places: Places
    zones: Zones
    clock: Clock

    async def answer(self, command: AboutHolds, request: Request) -> CommandResult:
        """Record the command, or ask which job is meant. A change of rules is announced in the
        channel."""
        place = await self._place(command, request)
        match command:
            case Snooze() | Wake():
                job = await self._job(command, request)
                if isinstance(job, Card):
                    return CommandResult(card=job)
                if isinstance(command, Wake):
                    return CommandResult(card=await self._wake(command, job, place, request))
                return CommandResult(card=await self._snooze(command, job, place, request))
            case SetQuietHours() | SetDigest():
                return await self._set_rule(command, place, request)
            case ShowQuietHours():
                return CommandResult(card=quiet_shown_card(await self._shown(place)))
            case ShowDigest():
                return CommandResult(card=digest_shown_card(await self._shown(place)))

    async def _shown(self, place: Place) -> ShownRules:
        rules = await self._named(place)
        return ShownRules(
            rules=rules,
            quiet_zone=self._zone(rules.time_zone),
            digest_zone=self._zone(rules.zone_of_digest),
            now=self.clock(),
        )

    async def _named(self, place: Place) -> PlaceRules:
        """Return the rules of a place; times without a zone get the name of the installation's
        zone."""
        rules = await self.rules.rules_of(place)
        has_times = rules.quiet_hours is not None or rules.digest is not None
        if has_times and not rules.time_zone:
            return replace(rules, time_zone=self.zones.usual.key)
        return rules

    def _zone(self, name: str) -> ZoneInfo:
        return ZoneInfo(name) if name else self.zones.usual

    async def held_in(self, team_id: str) -> Mapping[Place, PlaceHolds]:
        """Return the rules and the present holds of each place of a workspace that has either."""
        held: dict[Place, list[Hold]] = defaultdict(list)
        for hold in await self.snoozes.holds_of(team_id):
            held[Place(team_id=team_id, channel_id=hold.scope.channel_id)].append(hold)
        ruled = {rules.place: rules for rules in await self.rules.all_rules(team_id)}
        return {
            place: PlaceHolds(
                rules=ruled.get(place, PlaceRules(place=place)), holds=held.get(place, ())
            )
            for place in {*held, *ruled}
        }

    async def _place(self, command: AboutHolds, request: Request) -> Place:
        target = command.job if isinstance(command, Snooze | Wake) else command.place
        where = command.where if isinstance(command, Wake) else ""
        return await self.places.resolve("dm" if isinstance(target, Me) else where, request)

    async def _job(self, command: AboutSnoozes, request: Request) -> VisualizationJob | Card | None:
        """Return the job, from the index if possible, or a question; None for a whole place."""
        if isinstance(command.job, Here | Me):
            return None
        return await self.finder.known_job(command.job, command, request)

    async def _snooze(
        self, command: Snooze, job: VisualizationJob | None, place: Place, request: Request
    ) -> Card:
        now = self.clock()
        if job and not await self._is_followed(job, place):
            return not_followed_card(job, place)
        zone = await self.zones.zone_of(request) if is_by_the_clock(command.until) else None
        until = until_moment(command.until, now, zone or UTC) or now
        await self.snoozes.snooze(
            self._scope(place, job), until=until, by=request.user_id, request_key=request.key
        )
        return snoozed_card(command, job=job, place=place, until=until, zone=zone)

    async def _wake(
        self, command: Wake, job: VisualizationJob | None, place: Place, request: Request
    ) -> Card:
        ended = await self.snoozes.wake(self._scope(place, job), request_key=request.key)
        holds = await self.snoozes.holds_of(place.team_id, place=place)
        # A snooze of a single job does not hold the messages of another job or of the place.
        still = [hold for hold in holds if not hold.scope.job_id]
        elsewhere = await self._snoozed_elsewhere(place, request)
        return woken_card(command, ended, job=job, place=place, still=still, elsewhere=elsewhere)

    async def which(self, command: AboutSnoozes, request: Request) -> Card:
        """Ask which job or place is meant by a sentence that names none."""
        held = {
            place: await self.snoozes.holds_of(place.team_id, place=place)
            for place in await self._own_places(request)
        }
        project = self.catalog.project(request.team_id)
        jobs = self.catalog.known(project)
        if isinstance(command, Wake):
            ids = {hold.scope.job_id for holds in held.values() for hold in holds}
            jobs = tuple(job for job in jobs if job.id in ids)
        return which_snooze_card(command, jobs, held, partial(self.catalog.name_of, project))

    async def _own_places(self, request: Request) -> list[Place]:
        """Return the place of the request and the person's direct message, without those that Slack
        does not resolve."""
        places = []
        for where in ("", "dm"):
            with suppress(MessengerError):
                places.append(await self.places.resolve(where, request))
        return list(dict.fromkeys(places))

    async def _snoozed_elsewhere(
        self, place: Place, request: Request
    ) -> Mapping[Place, Sequence[Hold]]:
        """Return the snoozes of a whole place that hold the person's other place."""
        found = {}
        for other in await self._own_places(request):
            holds = await self.snoozes.holds_of(other.team_id, place=other)
            own = [
                hold
                for hold in holds
                if hold.reason is HoldReason.SNOOZED and not hold.scope.job_id and other != place
            ]
            if own:
                found[other] = own
        return found

    async def _set_rule(self, command: AboutRules, place: Place, request: Request) -> CommandResult:
        before = await self._named(place)
        if isinstance(command, SetDigest) and command.is_declined:
            await self.rules.decline_digest(place)
            return CommandResult(
                card=digest_declined_card(command, before),
                outcome=_decided(before, request, is_declined=before.digest is None),
            )
        own = await self.zones.zone_of(request)
        zone, by = command.time_zone or own.key, request.user_id
        if isinstance(command, SetQuietHours):
            rules = before.with_quiet_hours(command.quiet_hours, zone=zone, by=by)
        else:
            rules = before.with_digest(command.digest, zone=zone, by=by)
        is_set = isinstance(command, SetDigest) and command.digest is not None
        await self.rules.set_rules(rules, request_key=request.key)
        announcement = announced(before, rules, by=request.user_id)
        change = await self._change(command, before, rules, own=own)
        card = rule_set_card(replace(change, is_announced=announcement is not None))
        outcome = _decided(rules, request) if is_set else None
        return CommandResult(card=card, outcome=outcome, announcement=announcement)

    async def _change(
        self, command: AboutRules, before: PlaceRules, after: PlaceRules, *, own: ZoneInfo
    ) -> RuleChange:
        place = after.place
        is_quiet = isinstance(command, SetQuietHours)
        holds = await self.snoozes.holds_of(place.team_id, place=place)
        return RuleChange(
            command=command,
            before=before,
            after=after,
            zone=self._zone(after.time_zone if is_quiet else after.zone_of_digest),
            own=own,
            now=self.clock(),
            still=_others(holds, OF_QUIET_HOURS if is_quiet else {HoldReason.DIGEST}),
        )

    async def _is_followed(self, job: VisualizationJob, place: Place) -> bool:
        here = await self.subscriptions.list_subscriptions(
            self.catalog.project(place.team_id), place=place
        )
        return bool(covering(here, job, self.clock()))

    def _scope(self, place: Place, job: VisualizationJob | None) -> HoldScope:
        if job is None:
            return HoldScope(team_id=place.team_id, channel_id=place.channel_id)
        return HoldScope(
            team_id=place.team_id,
            channel_id=place.channel_id,
            project_id=self.catalog.project(place.team_id).project_id,
            job_id=job.id,
        )


def _others(holds: Sequence[Hold], own: Collection[HoldReason]) -> list[Hold]:
    """Return the holds of the whole place that have another reason than `own`."""
    return [hold for hold in holds if hold.reason not in own and not hold.scope.job_id]


def _decided(rules: PlaceRules, request: Request, *, is_declined: bool = False) -> DigestDecided:
    """Return the decision about a digest. If a digest is set, a later decline keeps its author."""
    by = request.user_id if is_declined else rules.digest_by or request.user_id
    return DigestDecided(rules=rules, is_declined=is_declined, by=by)
