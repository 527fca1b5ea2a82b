"""Finds the subscriptions of a sentence, and the names of their jobs."""

from dataclasses import dataclass

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.jobs.job_choice import similar_jobs_card
from bot.core.commands.request import Request
from bot.core.commands.targets.job_reference import JobRef, as_typed
from bot.core.commands.targets.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.verbs.copy import Copy
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.commands.words.numbers import WHERE_IDS_ARE, unknown_job_words
from bot.core.errors import BadCommand
from bot.core.job import JobId
from bot.core.ports.store import Subscriptions
from bot.core.subscription import (
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    Target,
    matches,
)
from bot.responder.job_finder import JobFinder


@dataclass(frozen=True, slots=True)
class SubscriptionFinder:
    """Reads the database and the index, never the cloud."""

    catalog: Catalog
    finder: JobFinder
    subscriptions: Subscriptions

    async def resolve_target(
        self, command: Unsubscribe | Copy, place: Place, request: Request
    ) -> Target | Card | None:
        """Return the target that a command names; None means every subscription of the place."""
        match command.job:
            case AllTargets():
                return None
            case NamePattern(text=pattern):
                return PatternTarget(pattern)
            case WholeProject():
                return ProjectTarget()
            case ref:
                ids = await self._subscribed_ids(ref, place, request)
                if len(ids) > 1:
                    return self.which(command, ids, request)
                self.finder.note(ids[0], request)
                return JobTarget(ids[0])

    def which(
        self, command: Unsubscribe | Copy | Why, ids: tuple[JobId, ...], request: Request
    ) -> Card:
        """Ask which of these jobs is meant."""
        project = self.catalog.project(request.team_id)
        known = (self.catalog.last_known(project, job_id) for job_id in ids)
        return similar_jobs_card(command, [job for job in known if job])

    def covers(self, subscription: Subscription, job_id: JobId) -> bool:
        """Return True if the target covers the job. No pattern covers a job that the index
        lacks."""
        target = subscription.target
        job = self.catalog.last_known(subscription.project, job_id)
        if job is None:
            return target in (JobTarget(job_id), ProjectTarget())
        return matches(target, job)

    async def _subscribed_ids(
        self, ref: JobRef, place: Place, request: Request
    ) -> tuple[JobId, ...]:
        """Return those jobs of a reference that the place follows; else the likeliest job."""
        ids = await self.finder.known_ids(ref, request)
        subscriptions = await self.subscriptions.list_subscriptions(
            self.catalog.project(request.team_id), place=place
        )
        followed = {one.target.job_id for one in subscriptions if isinstance(one.target, JobTarget)}
        if not ids:
            raise unknown_job(ref)
        return tuple(job_id for job_id in ids if job_id in followed) or ids[:1]


def unknown_job(ref: JobRef) -> BadCommand:
    """Return the error for a reference that names no known job."""
    return BadCommand(
        unknown_job_words(as_typed(ref)),
        hint=WHERE_IDS_ARE,
        offers=("list", "subscriptions"),
    )
