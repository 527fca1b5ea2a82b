"""The state of the way in for Slack's requests: its problems, and whether it is closing."""

from bot.core.health import Check
from bot.core.ports.time import Clock, Monotonic
from bot.slack.incoming.clock_watch import ClockWatch
from bot.slack.incoming.socket_mode import SocketMode
from bot.slack.incoming.tally import Tally

_TALLY_SECONDS = 5.0


class RequestIntake:
    """The state that the receivers of requests share with the probes and health checks."""

    def __init__(self, *, clock: Clock, monotonic: Monotonic) -> None:
        self.tally = Tally(monotonic=monotonic)
        self.clock_watch = ClockWatch(clock=clock, monotonic=monotonic)
        #: None over HTTP.
        self.socket: SocketMode | None = None
        self.is_closing = False

    def checks(self) -> tuple[Check, ...]:
        """Return a row if the clock is wrong, and in Socket Mode a row for the connection."""
        off = self.clock_watch.check()
        return (*((off,) if off else ()), *((self.socket.check(),) if self.socket else ()))

    @property
    def is_dead(self) -> bool:
        """True if only a restart of the process can bring requests back."""
        return self.socket is not None and self.socket.is_dead

    def try_socket_soon(self) -> None:
        """Connect the socket soon instead of waiting: Slack answers again."""
        if self.socket:
            self.socket.try_soon()

    async def write_tally(self) -> float:
        """Log the counted requests, and return the seconds until the next call."""
        self.tally.write_due()
        return _TALLY_SECONDS
