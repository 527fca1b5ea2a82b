"""Edits of cards that are older than their jobs."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.card_content import CardContent
from bot.core.delivery import MessageRef, Posted
from bot.core.project import Project
from bot.core.subscription import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """The end, by hand, of the last subscription that covered the job of a card."""

    by: str
    at: datetime
    #: The sentence that restores the subscription; empty if there is none.
    resubscribe_sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEdit:
    """An edit of a card in place, with its new content."""

    place: Place
    project_id: str
    card: MessageRef
    shown: CardContent
    epoch: int
    #: Set if this is the last edit of the card.
    unfollowed: Unfollowed | None = None
    #: The tag of the place's language; empty for that of the installation.
    language: str = ""
    #: Messages about the job in the same place whose buttons are outdated.
    outdated: tuple[Posted, ...] = ()

    @property
    def project(self) -> Project:
        """Return the project of the job."""
        return Project(team_id=self.place.team_id, project_id=self.project_id)
