"""What Slack knows of conversations: our membership, and our direct message with a person."""

from collections.abc import Callable

from bot.core.errors import MessageRejected, Refusal
from bot.core.subscription import Place
from bot.slack.blocks import Json
from bot.slack.contact import Identity, invitation
from bot.slack.outgoing.calls import SlackCalls

# Codes for a conversation that we cannot see: a private channel without us, or none at all.
_UNSEEN = {"channel_not_found", "not_in_channel"}

# docs.slack.dev/reference/methods/conversations.members: "under 1000 items at a time".
_MEMBERS_PAGE = 999
_MOST_PAGES = 5


class SlackConversations:
    """The Conversations port. `identity` returns who we are, None while Slack has not said."""

    def __init__(
        self, calls: SlackCalls, *, identity: Callable[[], Identity | None] = lambda: None
    ) -> None:
        self._calls = calls
        self._identity = identity
        self._direct: dict[tuple[str, str], str] = {}

    @property
    def invitation(self) -> str:
        """The command by which a person invites the bot to a channel."""
        return invitation(self._identity())

    async def direct(self, team_id: str, user_id: str) -> str:
        """Return the id of our direct message with a person; opens it if need be.
        https://docs.slack.dev/reference/methods/conversations.open"""
        person = (team_id, user_id)
        if person not in self._direct:
            answer = await self._calls.write("conversations.open", users=user_id)
            self._direct[person] = answer.part(str, "channel", "id")
        return self._direct[person]

    async def can_post(self, place: Place) -> bool | None:
        """True if we are in an unarchived channel; None if we may not ask. Raises MessengerError.
        https://docs.slack.dev/reference/methods/conversations.info"""
        try:
            channel = await self._info(place)
        except MessageRejected as error:
            if error.code in _UNSEEN:
                return False
            if error.refusal is Refusal.SCOPE:
                return None
            raise
        return bool(channel.get("is_member")) and not channel.get("is_archived")

    async def is_archived(self, place: Place) -> bool:
        """True if the channel is archived, as far as we may see. Raises MessengerError.
        https://docs.slack.dev/reference/methods/conversations.info"""
        try:
            return bool((await self._info(place)).get("is_archived"))
        except MessageRejected as error:
            if error.code in _UNSEEN or error.refusal is Refusal.SCOPE:
                return False
            raise

    async def is_shared(self, place: Place) -> bool:
        """True if a channel is shared with another company. Raises MessengerError.

        https://docs.slack.dev/reference/methods/conversations.info
        """
        return bool((await self._info(place)).get("is_ext_shared"))

    async def admits(self, place: Place, user_id: str) -> bool | None:
        """True if the person can read the conversation; None if we cannot see it or may not ask.
        https://docs.slack.dev/reference/methods/conversations.members, of private ones alone."""
        try:
            is_private = (await self._info(place)).get("is_private") or place.is_direct
            return await self._is_member(place.channel_id, user_id) if is_private else True
        except MessageRejected as error:
            if error.code in _UNSEEN or error.refusal is Refusal.SCOPE:
                return None
            raise

    async def _info(self, place: Place) -> Json:
        answer = await self._calls.read("conversations.info", channel=place.channel_id)
        return answer.part(dict, "channel")

    async def _is_member(self, channel_id: str, user_id: str) -> bool | None:
        cursor: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            answer = await self._calls.read(
                "conversations.members", channel=channel_id, limit=_MEMBERS_PAGE, **cursor
            )
            if user_id in answer.part(list, "members"):
                return True
            if not answer.next_cursor:
                return False
            cursor = {"cursor": answer.next_cursor}
        return None
