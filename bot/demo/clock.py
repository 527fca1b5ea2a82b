"""The clock of the demo's world: the given one, which a story may put forward."""

from datetime import datetime, timedelta

from bot.core.ports.time import Clock


class WorldClock:
    """All of the world goes by it: the cloud, the workspace and the bot."""

    def __init__(self, given: Clock) -> None:
        self._given = given
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._given() + self._ahead

    def pass_by(self, span: timedelta) -> None:
        """Put it forward; by 5 minutes in all at most, as old signatures of Slack count no more."""
        self._ahead += span
