"""What several answers share: their audience, their job, and the effect on a pressed message."""

from dataclasses import dataclass
from typing import Protocol

from bot.core.cards.card import Card
from bot.core.cards.reply import Announcement, Audience, Renewal
from bot.core.commands.targets.job_reference import JobById, JobNumber, JobRef
from bot.core.delivery import MessageRef
from bot.core.job import JobId, VisualizationJob
from bot.core.outcome import Disclaimed, Kept, Outcome
from bot.core.project import Project
from bot.core.subscription import Place


class CardRefresher(Protocol):
    """The method of the card keeper that the Responder calls."""

    async def renew(
        self, project: Project, card: MessageRef, job: VisualizationJob | None
    ) -> Renewal:
        """Edit a card whose Refresh was clicked; `job` is None if it could not be read."""


class AnsweredMessages(Protocol):
    """The method of the courier that edits posted messages once they are answered."""

    async def amend(
        self,
        place: Place,
        project: Project,
        job_id: JobId | None,
        outcome: Outcome,
        *,
        pressed_ts: str,
    ) -> bool:
        """Edit the pressed message, and others that ask the same, to show what was done to a job
        or, if that is None, to the place. Return False if the pressed message is no such notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """The answer to a person, and the outcome of their press; None if nothing was done."""

    card: Card
    job_id: JobId | None = None
    outcome: Outcome | None = None
    #: True if the card asks which job is meant, or says that there is none.
    asks_back: bool = False
    #: The channel of the change, if that is not the request's own.
    channel_id: str = ""
    announcement: Announcement | None = None

    @property
    def is_undone_there(self) -> bool:
        """Return True if the pressed message offers the button that undoes the outcome."""
        return isinstance(self.outcome, Kept | Disclaimed)


def ref_of(asked: JobRef, found: VisualizationJob) -> JobRef:
    """Return the reference for Refresh: the asked one if that is an id, else the id of the job."""
    return asked if isinstance(asked, JobById) else JobNumber(str(found.id))


def audience_of(share: bool) -> Audience:
    """Return everybody in the channel if the answer is shared, else the asker."""
    return Audience.CHANNEL if share else Audience.ASKER
