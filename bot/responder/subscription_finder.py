"""Which of a place's subscriptions a sentence means, and what their jobs are called."""

from bot.catalog import Catalog
from bot.core.cards.card import Card
from bot.core.cards.jobs import ambiguous_card
from bot.core.commands.command import naming
from bot.core.commands.copy import Copy
from bot.core.commands.job_reference import JobRef
from bot.core.commands.request import Request
from bot.core.commands.targets import AllTargets, NamePattern, WholeProject
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.why import Why
from bot.core.errors import BadCommand
from bot.core.job import JobId
from bot.core.ports.store import Subscriptions
from bot.core.subscription import (
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Target,
    matches,
)
from bot.responder.job_finder import JobFinder


class SubscriptionFinder:
    """Asks the database and the index, never the cloud."""

    def __init__(self, catalog: Catalog, finder: JobFinder, subscriptions: Subscriptions) -> None:
        self._catalog = catalog
        self._finder = finder
        self._subscriptions = subscriptions

    async def meant_target(
        self, command: Unsubscribe | Copy, place: Place, request: Request
    ) -> Target | Card | None:
        """Which of a place's subscriptions is meant; None means all of them."""
        match command.job:
            case AllTargets():
                return None
            case NamePattern(text=pattern):
                return PatternTarget(pattern)
            case WholeProject():
                return ProjectTarget()
            case ref:
                meant = await self._subscribed_ids(ref, place, request)
                return JobTarget(meant[0]) if len(meant) == 1 else self.which(command, meant)

    def which(self, command: Unsubscribe | Copy | Why, meant: tuple[JobId, ...]) -> Card:
        """Ask which job is meant."""
        jobs = [job for job in map(self._catalog.last_known, meant) if job]
        typed = command.job.text
        return ambiguous_card(
            typed, jobs, asked=naming(command, meant[0]), sentence=f"“{typed}” may be several jobs."
        )

    def covers(self, target: Target, job_id: JobId) -> bool:
        """True if the job is one of the target's, as far as is known."""
        job = self._catalog.last_known(job_id)
        if job is None:
            return target in (JobTarget(job_id), ProjectTarget())
        return matches(target, job)

    def name(self, job_id: JobId) -> str:
        """What a job is called; empty if nobody knows."""
        job = self._catalog.last_known(job_id)
        return job.name if job else ""

    async def _subscribed_ids(
        self, ref: JobRef, place: Place, request: Request
    ) -> tuple[JobId, ...]:
        """Of the jobs that may be meant, those that the place is told of; else the likeliest."""
        meant = await self._finder.known_ids(ref, request)
        kept = await self._subscriptions.list_subscriptions(request.team_id, place=place)
        told = {one.target.job_id for one in kept if isinstance(one.target, JobTarget)}
        if not meant:
            raise unknown(ref)
        return tuple(job_id for job_id in meant if job_id in told) or meant[:1]


def unknown(ref: JobRef) -> BadCommand:
    """What is said where no job of that name was ever seen."""
    return BadCommand(
        f"I know no job `{ref.text}`.",
        hint="Name it by its id; `subscriptions` shows the ids.",
        suggestions=("subscriptions",),
    )
