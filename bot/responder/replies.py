"""What several answers have in common: who sees them, and what a press does to its message."""

from dataclasses import dataclass
from typing import Protocol

from bot.core.cards.card import Card
from bot.core.cards.reply import Announcement, Audience, Renewal
from bot.core.commands.job_reference import JobById, JobNumber, JobRef
from bot.core.delivery import MessageRef
from bot.core.job import JobId, VisualizationJob
from bot.core.outcome import Outcome
from bot.core.project import Project
from bot.core.subscription import Place


class WatchedCards(Protocol):
    """The part of the card keeper that the Responder needs."""

    async def renew(
        self, project: Project, card: MessageRef, job: VisualizationJob | None
    ) -> Renewal:
        """Update a card whose Refresh was clicked; `job` is None if it could not be read."""


class PressedMessages(Protocol):
    """The part of the courier that changes posted messages once they are answered."""

    async def amend(
        self,
        place: Place,
        project: Project,
        job_id: JobId | None,
        outcome: Outcome,
        *,
        pressed_ts: str,
    ) -> bool:
        """Let the message that was pressed, and those that ask the same, say what was done to a
        job or, without one, to the place; False if that one is not ours to keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a person is answered, and what their press did; None where it did nothing."""

    card: Card
    job_id: JobId | None = None
    outcome: Outcome | None = None
    #: Nothing was done: the card asks which job is meant, or says that there is none.
    asks_back: bool = False
    #: Where it was done, if that is not where it was said.
    channel_id: str = ""
    announcement: Announcement | None = None


def ref_of(asked: JobRef, found: VisualizationJob) -> JobRef:
    """How Refresh names the job: as the person did if that was an id, else by the id found."""
    return asked if isinstance(asked, JobById) else JobNumber(str(found.id))


def audience_of(share: bool) -> Audience:
    """Everybody in the channel, if it is shared there."""
    return Audience.CHANNEL if share else Audience.ASKER
