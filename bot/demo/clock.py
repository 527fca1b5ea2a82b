"""The clock of the demo; a story or a person can move it forward."""

from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo

from bot.core.ports.time import Clock

#: The times of day that people can jump to.
MOMENTS = {"night": time(23), "morning": time(9)}
#: The name of the jump to the same time tomorrow.
A_DAY = "day"


class WorldClock:
    """The clock that the cloud, the workspace and the bot share."""

    def __init__(self, given: Clock) -> None:
        self._given = given
        self._ahead = timedelta()
        self._jumpers: list[Callable[[timedelta], object]] = []

    def __call__(self) -> datetime:
        return self._given() + self._ahead

    def before_jump(self, callback: Callable[[timedelta], object]) -> None:
        """Register a callback that is called before each jump, with the length of the jump."""
        self._jumpers.append(callback)

    def pass_by(self, span: timedelta) -> None:
        """Move the clock forward by a span."""
        for callback in self._jumpers:
            callback(span)
        self._ahead += span

    def wait_for(self, moment: str, zone: tzinfo) -> None:
        """Move the clock to the next night or morning in a zone, or by a day. Raises KeyError."""
        if moment == A_DAY:
            self.pass_by(timedelta(days=1))
            return
        now = self().astimezone(zone)
        at = datetime.combine(now.date(), MOMENTS[moment], zone)
        if at <= now:
            at = datetime.combine(now.date() + timedelta(days=1), MOMENTS[moment], zone)
        self.pass_by(at - self())
