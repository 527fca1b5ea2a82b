"""Who is at home here, and who only meets us in a shared channel."""

from bot.slack.messenger import SlackMessenger

_STRANGER = "I answer people of the workspace that installed me, and you come from another one."
_STARTING = "I am starting, and Slack has not told me yet who I am. Please ask again in a moment."


class Guests:
    """Closed until Slack has told us which workspace is ours."""

    def __init__(self, messenger: SlackMessenger) -> None:
        self._messenger = messenger

    @property
    def knows_home(self) -> bool:
        """False in the first moments of a process."""
        return self._messenger.identity is not None

    async def learn_home(self, seconds: float) -> None:
        """Wait for Slack to tell, at most so long; afterwards this costs nothing."""
        if not self.knows_home:
            await self._messenger.until_identified(seconds)

    def is_stranger(self, team_id: str | None) -> bool:
        """True for people of another workspace, and for all while we do not know ours."""
        identity = self._messenger.identity
        return identity is None or identity.team_id != team_id

    @property
    def farewell(self) -> str:
        """What a stranger is told."""
        return _STRANGER if self.knows_home else _STARTING
