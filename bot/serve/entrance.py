"""The way by which Slack's requests come in: what is wrong with it, and whether it is closing."""

from bot.core.health import Check
from bot.core.ports.time import Clock, Monotonic
from bot.slack.incoming.clock_watch import ClockWatch
from bot.slack.incoming.socket_mode import SocketMode
from bot.slack.incoming.tally import Tally

_TALLY_SECONDS = 5.0


class Entrance:
    """Shared by what lets requests in and what is asked whether it does."""

    def __init__(self, *, clock: Clock, monotonic: Monotonic) -> None:
        self.tally = Tally(monotonic=monotonic)
        self.clock_watch = ClockWatch(clock=clock, monotonic=monotonic)
        #: In Socket Mode.
        self.socket: SocketMode | None = None
        self.is_closing = False

    def checks(self) -> tuple[Check, ...]:
        """What keeps Slack's requests out, and in Socket Mode the connection."""
        off = self.clock_watch.check()
        return (*((off,) if off else ()), *((self.socket.check(),) if self.socket else ()))

    @property
    def is_dead(self) -> bool:
        """True if only a new process may let requests in again."""
        return self.socket is not None and self.socket.is_dead

    def try_socket_soon(self) -> None:
        """Slack is well again."""
        if self.socket:
            self.socket.try_soon()

    async def write_tally(self) -> float:
        """Log what was counted; the seconds until it is worth asking again."""
        self.tally.write_due()
        return _TALLY_SECONDS
