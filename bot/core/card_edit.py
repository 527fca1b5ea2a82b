"""Cards that show less than is known, on their way to be edited in place."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.card_content import CardContent
from bot.core.delivery import MessageRef, Posted
from bot.core.project import Project
from bot.core.subscription import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """Somebody ended the last subscription that covered the job of a card."""

    by: str
    at: datetime
    #: The sentence that follows the job again as it was followed; empty where none is kept.
    again: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEdit:
    """A card to be edited in place, and what it shall show."""

    place: Place
    project_id: str
    card: MessageRef
    shown: CardContent
    epoch: int
    #: Set where this is its last edit.
    unfollowed: Unfollowed | None = None
    #: The tag of the place's language; empty for that of the installation.
    language: str = ""
    #: Messages about the job in its place whose buttons offer what is over.
    outdated: tuple[Posted, ...] = ()

    @property
    def project(self) -> Project:
        """Whose job it shows."""
        return Project(team_id=self.place.team_id, project_id=self.project_id)
