"""What the listeners need of Slack: our identity, ways to answer, and facts about a channel."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.subscription import Place
from bot.slack.blocks import Json

#: The command that invites the bot to a channel, until Slack has told us the bot's name.
INVITATION = "/invite @visjob"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Our identity, as Slack names it for the bot token."""

    team_id: str
    #: The organization that the workspace is part of; empty without one.
    enterprise_id: str
    team: str
    bot_user_id: str
    #: The id that Slack names as the author of our messages.
    bot_id: str
    #: The name by which people mention us, after an @; empty where Slack does not say.
    name: str
    #: Granted scopes, optional ones included.
    scopes: frozenset[str]
    #: The time of this answer by Slack's clock.
    slack_time: datetime | None


def invitation(identity: Identity | None) -> str:
    """Return the command by which a person invites the bot to a channel."""
    if identity is None or not _NAME.fullmatch(identity.name):
        return INVITATION
    return f"/invite @{identity.name}"


_NAME = re.compile(r"[\w.-]{1,80}")


class Installation(Protocol):
    """The workspace in which the bot is installed."""

    #: None until Slack has said who we are.
    @property
    def identity(self) -> Identity | None: ...

    #: True while Slack does not accept our token.
    @property
    def is_refused(self) -> bool: ...

    async def until_identified(self, seconds: float) -> None:
        """Wait until Slack has said who we are, for so many seconds at most."""


class Contact(Installation, Protocol):
    """The ways to answer people."""

    async def answer_late(
        self, response_url: str, message: Json, *, team_id: str, user_id: str
    ) -> None:
        """Answer a command or click after its acknowledgement; by DM if the URL is dead."""

    async def tell(self, team_id: str, user_id: str, message: Json) -> None:
        """Send a direct message to one person."""

    async def whisper(
        self, place: Place, user_id: str, message: Json, *, thread_ts: str | None
    ) -> None:
        """Post a message that only one person sees, where they wrote. Raises MessengerError."""

    async def say(self, place: Place, message: Json, *, thread_ts: str | None) -> None:
        """Post a message that everybody sees, where somebody wrote. Raises MessengerError."""

    async def announce(self, place: Place, message: Json, *, signed: Json) -> None:
        """Post a message to a channel, then edit it to `signed`, which names the person who acted:
        Slack notifies nobody of a mention in an edit. Raises MessengerError."""

    async def publish_home(self, user_id: str, view: Json, *, version: str) -> str:
        """Publish a view on a person's Home tab and return its new version. With a `version`, Slack
        publishes only if it still shows that version. Raises MessengerError."""

    async def open_modal(self, trigger_id: str, view: Json) -> str:
        """Open a modal within 3 s of the click and return its id. Raises MessengerError."""

    async def unfurl(self, target: Json, cards: Json) -> None:
        """Put a card under each link of a message. Raises MessengerError."""

    async def update_modal(self, view_id: str, view: Json) -> None:
        """Replace the view of an open modal. Raises MessengerError."""


class Channels(Protocol):
    """What Slack knows of channels."""

    async def is_shared(self, place: Place) -> bool:
        """True if a channel is shared with another company. Raises MessengerError."""
