"""The port to Slack: conversations, people and messages."""

from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.acting import Authorization
from bot.core.card_edit import CardEdit
from bot.core.delivery import Delivery, MessageRef
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import Place


class Conversations(Protocol):
    """The conversations of a workspace."""

    #: The words that a person types in a channel to invite the bot.
    @property
    def invitation(self) -> str: ...

    async def direct(self, team_id: str, user_id: str) -> str:
        """Return the id of the bot's direct message with a person; open it if needed. Raises
        MessengerError."""

    async def can_post(self, place: Place) -> bool | None:
        """Return True if the bot is a member, None if Slack does not tell. Raises
        MessengerError."""

    async def is_archived(self, place: Place) -> bool:
        """Return True if nobody can post in the channel any more, as far as Slack tells. Raises
        MessengerError."""

    async def admits(self, place: Place, user_id: str) -> bool | None:
        """Return False for a private channel or a conversation that this person is no member of;
        None if Slack does not tell, for instance where the bot is no member. Raises
        MessengerError."""


class People(Protocol):
    """The people of a workspace."""

    async def zone(self, team_id: str, user_id: str) -> ZoneInfo | None:
        """Return the time zone of a person, at most a day old; None if Slack does not tell it in
        time."""

    async def language(self, team_id: str, user_id: str) -> str:
        """Return the tag of a person's language, `en` or `zh-CN`, at most a day old; empty if
        Slack does not tell it in time."""


class Operators(Protocol):
    """The people who may act on jobs."""

    #: The ids of users and user groups in the settings.
    @property
    def named(self) -> tuple[str, ...]: ...

    async def authorize(self, team_id: str, user_id: str) -> Authorization:
        """Return whether this person may act now. Members of a group are at most a minute old.
        Raises nothing."""


class Threads(Protocol):
    """The messages above an answer in a thread."""

    async def job_of(self, project: Project, message: MessageRef) -> JobId | None:
        """Return the job of one of the bot's messages; None if the message is another's, is
        about several jobs, or cannot be read."""


class Messenger(Protocol):
    """Posts and edits deliveries: one call each, without a retry."""

    async def post(self, delivery: Delivery) -> MessageRef:
        """Post a delivery. Raises MessageRejected if Slack shows nothing, MessengerUnavailable
        if it may show the message."""

    async def edit(self, edit: CardEdit) -> None:
        """Edit a card in place. Raises MessengerError."""

    async def correct(self, delivery: Delivery, message: MessageRef) -> None:
        """Edit a message so that it says what it would say if it were posted now. Raises
        MessengerError."""

    async def find(self, delivery: Delivery) -> tuple[MessageRef, ...]:
        """Return every copy of a delivery that Slack shows, oldest first; the bot knows its own
        by their metadata. Raises MessengerError if the search was not complete or is not
        allowed."""

    async def delete(self, place: Place, message: MessageRef) -> None:
        """Delete one of the bot's own messages. Raises MessengerError."""
