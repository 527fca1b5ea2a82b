"""The request of a person: what the person typed or clicked, and where."""

from dataclasses import dataclass

from bot.core.subscription import Place

_LONGEST_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person typed or clicked, and where."""

    text: str
    team_id: str
    user_id: str
    #: Empty for a request from outside of conversations: from the Home tab or a terminal.
    channel_id: str = ""
    #: True in a direct message, False in a channel.
    is_direct: bool = False
    #: The `ts` of the public message that the answer to a click replaces; empty for none.
    clicked_ts: str = ""
    #: Picked from a menu or a list, which shows no confirmation dialog.
    is_pick: bool = False
    #: Sent by a button, which has shown a confirmation dialog if its action needs one.
    is_press: bool = False
    #: The text of a message that mentions the bot, not of a slash command.
    is_mention: bool = False
    #: The `ts` of the first message of the request's thread; empty outside of threads.
    thread_ts: str = ""
    #: Slack's id of this request, the same if Slack sends the request again; empty for none.
    key: str = ""

    @property
    def text_to_keep(self) -> str:
        """Return the text as PostgreSQL can store it: without NUL, and cut to 200 characters."""
        return self.text.replace("\0", "").encode(errors="replace").decode()[:_LONGEST_KEPT]

    @property
    def place(self) -> Place:
        """Return the place of the request. Its channel id is empty outside of conversations."""
        return Place(team_id=self.team_id, channel_id=self.channel_id)
