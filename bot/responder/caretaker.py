"""Answers the sentences about leases and owners. It asks the cloud for unknown jobs only."""

from datetime import UTC

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.care import (
    claimed_card,
    disclaimed_card,
    kept_card,
    no_longer_kept_card,
    zone_clock,
)
from bot.core.care import NO_CARE, JobCare, Keep, KeepVerdict
from bot.core.commands.claim import Claim
from bot.core.commands.disclaim import Disclaim
from bot.core.commands.keep_job import KeepJob
from bot.core.commands.request import Request
from bot.core.commands.until import is_by_the_clock, until_moment
from bot.core.commands.verbs import AboutCare
from bot.core.errors import StoreUnavailable
from bot.core.job import VisualizationJob
from bot.core.outcome import Claimed, Disclaimed, Kept, KeptNoMore
from bot.core.ports.care import Care
from bot.core.ports.time import Clock
from bot.responder.job_finder import JobFinder
from bot.responder.replies import Done
from bot.responder.zones import Zones


class Caretaker:
    """Records what people say of a job, and confirms it. Each method raises BotError."""

    def __init__(
        self,
        catalog: Catalog,
        finder: JobFinder,
        care: Care,
        *,
        zones: Zones,
        reminds: bool,
        clock: Clock,
    ) -> None:
        """`reminds` unless the guard is off."""
        self._catalog = catalog
        self._finder = finder
        self._care = care
        self._zones = zones
        self._reminds = reminds
        self._clock = clock

    async def answer(self, command: AboutCare, request: Request) -> Done:
        """Record it, or ask which job is meant."""
        job = await self._job(command, request)
        if isinstance(job, Card):
            return Done(card=job)
        match command:
            case KeepJob(until=""):
                return await self._stop_keeping(job, request)
            case KeepJob():
                return await self._keep(command, job, request)
            case Claim():
                return await self._claim(command, job, request)
            case Disclaim():
                return await self._disclaim(job, request)

    async def said_of(self, job: VisualizationJob, request: Request) -> JobCare:
        """What people said of a job; nothing where the database does not answer, so that the
        question about the job still is."""
        try:
            return await self._care.said_of(self._catalog.project(request.team_id), job)
        except StoreUnavailable:
            return NO_CARE

    async def _job(self, command: AboutCare, request: Request) -> VisualizationJob | Card:
        """The job, as the index knows it: whether it runs, the store knows better."""
        return await self._finder.known_job(command.job, command, request)

    async def _keep(self, command: KeepJob, job: VisualizationJob, request: Request) -> Done:
        now = self._clock()
        zone = await self._zones.zone_of(request) if is_by_the_clock(command.until) else None
        until = until_moment(command.until, now, zone or UTC) or now
        verdict = await self._care.keep(
            self._catalog.project(request.team_id),
            job.id,
            Keep(until=until, by=request.user_id),
            request_key=request.key,
        )
        card = kept_card(job, verdict, until=until, now=now, zone=zone, reminds=self._reminds)
        if verdict is not KeepVerdict.KEPT:
            return Done(card=card)
        clock = zone_clock(until, zone) if zone else ""
        kept = Kept(by=request.user_id, until=until, clock=clock)
        return Done(card=card, job_id=job.id, outcome=kept)

    async def _stop_keeping(self, job: VisualizationJob, request: Request) -> Done:
        project = self._catalog.project(request.team_id)
        ended = await self._care.stop_keeping(project, job.id, request_key=request.key)
        card, outcome = no_longer_kept_card(job, ended), KeptNoMore(by=request.user_id)
        return Done(card=card, job_id=job.id, outcome=outcome)

    async def _claim(self, command: Claim, job: VisualizationJob, request: Request) -> Done:
        owners = await self._care.claim(
            self._catalog.project(request.team_id),
            job,
            request.user_id,
            is_taken_over=command.is_taken_over,
            request_key=request.key,
        )
        card, user_id = claimed_card(job, owners, user_id=request.user_id), request.user_id
        outcome = Claimed(by=user_id) if owners.after == user_id else None
        return Done(card=card, job_id=job.id, outcome=outcome)

    async def _disclaim(self, job: VisualizationJob, request: Request) -> Done:
        project = self._catalog.project(request.team_id)
        owners = await self._care.disclaim(project, job, request.user_id, request_key=request.key)
        card, user_id = disclaimed_card(job, owners, user_id=request.user_id), request.user_id
        # Who is asked whether somebody else's job is needed has no say in that.
        is_others = owners.before not in ("", user_id)
        outcome = None if is_others else Disclaimed(by=user_id)
        return Done(card=card, job_id=job.id, outcome=outcome)
