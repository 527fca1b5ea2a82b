"""What those who listen need of Slack: who we are, the ways to answer, and what a channel is."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.subscription import Place
from bot.slack.blocks import INVITATION, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot token says we are."""

    team_id: str
    #: The organization that the workspace is part of; empty without one.
    enterprise_id: str = ""
    team: str
    bot_user_id: str
    #: Whom Slack names as the author of our messages.
    bot_id: str
    #: What people call us after an @; empty where Slack does not say.
    name: str = ""
    #: Granted scopes, optional ones included.
    scopes: frozenset[str]
    #: The time by Slack's clock when it said so.
    slack_time: datetime | None = None


def invitation(identity: Identity | None) -> str:
    """What a person types in a channel to let the bot in."""
    if identity is None or not _NAME.fullmatch(identity.name):
        return INVITATION
    return f"/invite @{identity.name}"


_NAME = re.compile(r"[\w.-]{1,80}")


class Home(Protocol):
    """The workspace that is ours."""

    #: None until Slack has told who we are.
    @property
    def identity(self) -> Identity | None: ...

    async def until_identified(self, seconds: float) -> None:
        """Wait until Slack has told who we are, at most so long."""


class Contact(Home, Protocol):
    """The ways to answer people."""

    async def answer_late(
        self, response_url: str, message: Json, *, team_id: str, user_id: str
    ) -> None:
        """Answer a command or click whose acknowledgement is gone; by DM if the URL is dead."""

    async def tell(self, team_id: str, user_id: str, message: Json) -> None:
        """Answer one person by direct message."""

    async def whisper(
        self, place: Place, user_id: str, message: Json, *, thread_ts: str | None
    ) -> None:
        """Say something to one person where they wrote. Raises MessengerError."""

    async def say(self, place: Place, message: Json, *, thread_ts: str | None) -> None:
        """Say something to everybody where somebody wrote. Raises MessengerError."""

    async def announce(self, place: Place, message: Json, *, signed: Json) -> None:
        """Say something to a channel, then put `signed` in its place: an edit calls nobody. Raises
        MessengerError."""

    async def publish_home(self, user_id: str, view: Json, *, version: str) -> str:
        """Put a view on somebody's Home tab, if Slack still shows this version of it, or whatever
        it shows where `version` is empty; the new version. Raises MessengerError."""

    async def open_modal(self, trigger_id: str, view: Json) -> str:
        """Open a modal within 3 s of the click; its id. Raises MessengerError."""

    async def unfurl(self, target: Json, cards: Json) -> None:
        """Put a card under each link of a message. Raises MessengerError."""

    async def update_modal(self, view_id: str, view: Json) -> None:
        """Put another view in its place. Raises MessengerError."""


class Channels(Protocol):
    """What Slack says of a channel."""

    async def is_shared(self, place: Place) -> bool:
        """True if a channel is shared with another company. Raises MessengerError."""
