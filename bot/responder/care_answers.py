"""Answers to the sentences about leases and owners. Only unknown jobs are read from the cloud."""

from dataclasses import dataclass
from datetime import UTC

from bot.catalog import Catalog
from bot.core.audience import covering
from bot.core.cards.card import Card
from bot.core.cards.jobs.care import (
    claimed_card,
    disclaimed_card,
    kept_card,
    no_longer_kept_card,
    not_read_yet_card,
)
from bot.core.cards.words.zone_clock import zone_clock
from bot.core.care import NO_CARE, JobCare, Keep, KeepVerdict
from bot.core.commands.request import Request
from bot.core.commands.times.until import is_by_the_clock, is_over_today, until_moment
from bot.core.commands.verbs.claim import Claim
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.keep_job import KeepJob
from bot.core.commands.verbs.registry import AboutCare
from bot.core.errors import StoreUnavailable
from bot.core.job import VisualizationJob
from bot.core.outcome import Claimed, Disclaimed, Kept, KeptNoMore
from bot.core.ports.care import Care
from bot.core.ports.store import Subscriptions
from bot.core.ports.time import Clock
from bot.responder.job_finder import JobFinder
from bot.responder.replies import CommandResult
from bot.responder.zones import Zones


@dataclass(frozen=True, slots=True)
class CareAnswers:
    """Records and confirms leases and owners of jobs. Each method raises BotError."""

    catalog: Catalog
    finder: JobFinder
    care: Care
    subscriptions: Subscriptions
    zones: Zones
    #: False if the guard is off.
    reminds: bool
    clock: Clock

    async def answer(self, command: AboutCare, request: Request) -> CommandResult:
        """Record the command, or ask which job is meant."""
        job = await self._job(command, request)
        if isinstance(job, Card):
            return CommandResult(card=job)
        match command:
            case KeepJob(until=""):
                return await self._stop_keeping(job, request)
            case KeepJob():
                return await self._keep(command, job, request)
            case Claim():
                return await self._claim(command, job, request)
            case Disclaim():
                return await self._disclaim(command, job, request)

    async def care_of(self, job: VisualizationJob, request: Request) -> JobCare:
        """Return who keeps and who owns a job; nothing if the database does not answer, so that the
        person still gets an answer about the job."""
        try:
            return await self.care.care_of(self.catalog.project(request.team_id), job)
        except StoreUnavailable:
            return NO_CARE

    async def _job(self, command: AboutCare, request: Request) -> VisualizationJob | Card:
        """Return the job from the index if possible, or a question; the store checks whether it
        runs."""
        return await self.finder.known_job(command.job, command, request)

    async def _keep(
        self, command: KeepJob, job: VisualizationJob, request: Request
    ) -> CommandResult:
        now = self.clock()
        project = self.catalog.project(request.team_id)
        zone = await self.zones.zone_of(request) if is_by_the_clock(command.until) else None
        until = until_moment(command.until, now, zone or UTC) or now
        verdict = await self.care.keep(
            project,
            job.id,
            Keep(until=until, by=request.user_id),
            request_key=request.key,
        )
        if verdict is KeepVerdict.NOT_FOLLOWED:
            following = await self.subscriptions.list_subscriptions(project)
            if covering(following, job, now):
                return CommandResult(card=not_read_yet_card(job, command.until))
        card = kept_card(
            job,
            verdict,
            until=until,
            zone=zone,
            is_over_today=zone is not None and is_over_today(command.until, now, zone),
            reminds=self.reminds,
        )
        if verdict is not KeepVerdict.KEPT:
            return CommandResult(card=card)
        clock = zone_clock(until, zone) if zone else ""
        kept = Kept(by=request.user_id, until=until, clock=clock)
        return CommandResult(card=card, job_id=job.id, outcome=kept)

    async def _stop_keeping(self, job: VisualizationJob, request: Request) -> CommandResult:
        project = self.catalog.project(request.team_id)
        ended = await self.care.stop_keeping(project, job.id, request_key=request.key)
        outcome = KeptNoMore(by=request.user_id) if ended else None
        return CommandResult(card=no_longer_kept_card(job, ended), job_id=job.id, outcome=outcome)

    async def _claim(
        self, command: Claim, job: VisualizationJob, request: Request
    ) -> CommandResult:
        owners = await self.care.claim(
            self.catalog.project(request.team_id),
            job,
            request.user_id,
            is_taken_over=command.is_taken_over,
            request_key=request.key,
        )
        card, user_id = claimed_card(job, owners, user_id=request.user_id), request.user_id
        outcome = Claimed(by=user_id) if owners.after == user_id else None
        return CommandResult(card=card, job_id=job.id, outcome=outcome)

    async def _disclaim(
        self, command: Disclaim, job: VisualizationJob, request: Request
    ) -> CommandResult:
        user_id = request.user_id
        owners = await self.care.disclaim(
            self.catalog.project(request.team_id),
            job,
            user_id,
            back_to=command.back_to,
            request_key=request.key,
        )
        card = disclaimed_card(job, owners, user_id=user_id, back_to=command.back_to)
        # Somebody else owns the job, so nothing was changed that the pressed message could show.
        if owners.before not in ("", user_id):
            return CommandResult(card=card, job_id=job.id)
        is_back = owners.after == command.back_to != ""
        outcome = Claimed(by=owners.after) if is_back else Disclaimed(by=user_id)
        return CommandResult(card=card, job_id=job.id, outcome=outcome)
