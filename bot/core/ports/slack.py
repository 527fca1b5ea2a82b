"""The door to Slack: conversations and messages."""

from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.acting import Standing
from bot.core.card_edit import CardEdit
from bot.core.delivery import Delivery, MessageRef
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import Place


class Conversations(Protocol):
    """What Slack knows of the places where the bot can post."""

    #: What a person types in a channel to let us in.
    @property
    def invitation(self) -> str: ...

    async def direct(self, team_id: str, user_id: str) -> str:
        """The id of our direct message with a person of a workspace, opened if need be. Raises
        MessengerError."""

    async def can_post(self, place: Place) -> bool | None:
        """True if we are in it, None if Slack does not tell us. Raises MessengerError."""

    async def is_archived(self, place: Place) -> bool:
        """True for a channel that nobody can post to any more, as far as Slack tells us. Raises
        MessengerError."""

    async def admits(self, place: Place, user_id: str) -> bool | None:
        """False for a private channel or a conversation of others that a person is not in; None
        if Slack does not tell us, as of one that we are not in. Raises MessengerError."""


class People(Protocol):
    """What Slack knows of people."""

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo | None:
        """The time zone of a person, as of the last day; None where Slack does not tell it, or
        not soon enough."""

    async def language(self, team_id: str, user_id: str) -> str:
        """The tag of the language that a person reads, `en` or `zh-CN`, as of the last day; empty
        where Slack does not tell it, or not soon enough."""


class Operators(Protocol):
    """Who may act on jobs."""

    #: The ids of users and user groups that the settings name.
    @property
    def named(self) -> tuple[str, ...]: ...

    async def standing(self, team_id: str, user_id: str) -> Standing:
        """Whether this person may, as of now; a group at most a minute old. Raises nothing."""


class Threads(Protocol):
    """What Slack shows above an answer."""

    async def job_of(self, project: Project, message: MessageRef) -> JobId | None:
        """The job that a message of ours is about; None where it is not ours, is about several
        jobs, or may not be read."""


class Messenger(Protocol):
    """Slack, for deliveries: one call each, never repeated by itself."""

    async def post(self, delivery: Delivery) -> MessageRef:
        """Post it. Raises MessageRejected (nothing was shown), or MessengerUnavailable (it may
        have been)."""

    async def edit(self, edit: CardEdit) -> None:
        """Edit a card in place. Raises MessengerError."""

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Let a message say what it would say if it were posted now. Raises MessengerError."""

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Every copy of it that Slack shows, of our own making, oldest first, by its metadata.
        Raises MessengerError if the search was not complete or is not allowed."""

    async def delete(self, place: Place, message: MessageRef) -> None:
        """Delete one of our own messages of a place. Raises MessengerError."""
