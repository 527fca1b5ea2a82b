"""What a person typed or clicked, and where."""

from dataclasses import dataclass

from bot.core.subscription import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person typed or clicked, and where."""

    text: str
    team_id: str
    user_id: str
    #: Empty where it was in no conversation: the Home tab, a terminal.
    channel_id: str = ""
    #: Between a person and somebody, not in a channel.
    is_direct: bool = False
    #: The message whose Refresh was clicked, if all can see it.
    clicked_ts: str = ""
    #: Picked from a menu or a list, which cannot ask first.
    is_pick: bool = False
    #: Said to the bot by its name among other words, not as a command.
    is_mention: bool = False
    #: The first message of the thread in which it was said; empty outside of threads.
    thread_ts: str = ""
    #: Slack's name for this very request, the same if it comes again; empty if it has none.
    key: str = ""

    @property
    def place(self) -> Place:
        """Where it was said; without a channel, none to post to."""
        return Place(team_id=self.team_id, channel_id=self.channel_id)
