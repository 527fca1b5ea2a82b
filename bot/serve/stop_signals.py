"""The signals that ask `serve` to stop, at any moment of its life; a stop has an end.

The entry point imports this module first, so it imports nothing slow.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

# Supervisors wait for 30 s (Heroku, Kubernetes) before they kill.
_LONGEST_STOP_SECONDS = 24.0


def exit_when_asked() -> None:
    """Exit with code 0 at a signal, as long as there is no loop: nothing needs to be finished."""
    for number in _numbers():
        signal.signal(number, lambda *_: sys.exit(0))


def when_asked(loop: "asyncio.AbstractEventLoop", act: Callable[[], None]) -> None:
    """Call `act` in the loop at each signal."""
    for number in _numbers():
        loop.add_signal_handler(number, act)


def exit_in_time(say_so: Callable[[], None], *, seconds: float = _LONGEST_STOP_SECONDS) -> None:
    """After `seconds`, call `say_so` and end the process with code 0: a thread may still wait for a
    database that does not answer. The database undoes what was not committed."""

    def exit_now() -> None:
        say_so()
        os._exit(0)

    timer = threading.Timer(seconds, exit_now)
    timer.daemon = True
    timer.start()


def _numbers() -> list[signal.Signals]:
    """Return the signals that ask for a stop."""
    numbers = [signal.SIGTERM, signal.SIGINT]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)  # `nohup` makes us ignore it
    return numbers
