"""The clock of the demo's world: the given one, which a story or a person may put forward."""

from datetime import datetime, time, timedelta, tzinfo

from bot.core.ports.time import Clock

#: The moments of the day that can be waited for.
MOMENTS = {"night": time(23), "morning": time(9)}


class WorldClock:
    """All of the world goes by it: the cloud, the workspace and the bot."""

    def __init__(self, given: Clock) -> None:
        self._given = given
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._given() + self._ahead

    def pass_by(self, span: timedelta) -> None:
        """Put it forward."""
        self._ahead += span

    def wait_for(self, moment: str, zone: tzinfo) -> None:
        """Put it forward to the next night or morning of a zone. Raises KeyError for others."""
        now = self().astimezone(zone)
        at = datetime.combine(now.date(), MOMENTS[moment], zone)
        if at <= now:
            at = datetime.combine(now.date() + timedelta(days=1), MOMENTS[moment], zone)
        self.pass_by(at - self())
