"""What several answers have in common: who sees them, and what a Refresh does."""

from typing import Protocol

from bot.core.cards.reply import Audience, Renewal
from bot.core.commands.job_reference import JobById, JobNumber, JobRef
from bot.core.delivery import MessageRef
from bot.core.job import VisualizationJob
from bot.core.project import Project


class WatchedCards(Protocol):
    """The part of the card keeper that the Responder needs."""

    async def renew(
        self, project: Project, card: MessageRef, job: VisualizationJob | None
    ) -> Renewal:
        """Update a card whose Refresh was clicked; `job` is None if it could not be read."""


def ref_of(asked: JobRef, found: VisualizationJob) -> JobRef:
    """How Refresh names the job: as the person did if that was an id, else by the id found."""
    return asked if isinstance(asked, JobById) else JobNumber(str(found.id))


def audience_of(share: bool) -> Audience:
    """Everybody in the channel, if it is shared there."""
    return Audience.CHANNEL if share else Audience.ASKER
