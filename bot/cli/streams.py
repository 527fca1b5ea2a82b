"""Standard streams that are always open, use UTF-8, and survive a reader that leaves.

Every command imports this module first, so it imports nothing slow.
"""

import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

import click

from bot.core.foreign_words import system_words

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputLost(click.ClickException):
    """Standard output cannot be written: its disk is full, or it is closed."""


def open_streams() -> None:
    """Open the three streams, even if the supervisor or the shell closed some of them."""
    if os.name == "nt":  # a console on Windows takes text, not bytes
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return
    closed = [number for number in (0, 1, 2) if _fill(number)]
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _opened(1, was_closed=1 in closed)
    sys.stderr = _opened(2)


def do_without_output() -> None:
    """Let this command run with a closed standard output, because it does more than print."""
    if raw := _standard_output():
        raw.is_closed = False


def when_reader_leaves(act: Callable[[], None]) -> None:
    """Call `act` once the reader of standard output has left, at once if it is gone already."""
    if raw := _standard_output():
        raw.when_left = act
        if raw.is_left:
            act()


def typed(argument: str) -> str:
    """Return an argument decoded as UTF-8, as terminals send it, whatever the locale."""
    return os.fsencode(argument).decode("utf-8", "replace")


def _standard_output() -> "_Output | None":
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw if isinstance(raw, _Output) else None


def _fill(number: int) -> bool:
    """Open a closed stream on the null device; else the next file or socket would get its number,
    and output would go there. Return True if the stream was closed."""
    try:
        os.fstat(number)
    except OSError:
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        return True
    return False


def _opened(number: int, *, was_closed: bool = False) -> TextIO:
    raw = _Output(number, is_closed=was_closed)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding="utf-8",
        errors="replace",
        line_buffering=raw.isatty() or number == 2,
    )


class _Output(io.FileIO):
    """A stream whose reader may leave at any time; an error of standard output is raised once."""

    def __init__(self, number: int, *, is_closed: bool) -> None:
        super().__init__(number, "wb", closefd=False)
        self._tells = number == 1
        self._is_lost = False
        #: True if our parent closed the stream, and the command needs its output.
        self.is_closed = is_closed
        self.is_left = False
        self.when_left: Callable[[], None] | None = None

    def write(self, data: "ReadableBuffer") -> int:
        """Write, or drop the data once the stream is lost. Raises OutputLost."""
        if self.is_closed and not self._is_lost:
            self._is_lost = True
            raise OutputLost("Standard output cannot be written: it is closed.")
        if not self._is_lost:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._leave()
            except OSError as error:
                self._is_lost = True
                if self._tells:
                    words = f"Standard output cannot be written: {system_words(error)}."
                    raise OutputLost(words) from error
        return memoryview(data).nbytes

    def _leave(self) -> None:
        self._is_lost = self.is_left = True
        if self.when_left:
            self.when_left()
