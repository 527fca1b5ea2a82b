"""Standard streams that can be written to: open, in UTF-8, and patient with a reader that left.

Standard library and click only: every command begins here.
"""

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputLost(click.ClickException):
    """Standard output takes no more: its disk is full, or it was opened for reading."""


def open_streams() -> None:
    """Make the three streams usable, whatever the supervisor or the shell left of them."""
    if os.name == "nt":  # a console there takes text, not bytes
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return
    for number in (0, 1, 2):
        _fill(number)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _opened(1)
    sys.stderr = _opened(2)


def typed(argument: str) -> str:
    """What somebody typed, in UTF-8 as terminals send it, whatever the locale made of it."""
    return os.fsencode(argument).decode("utf-8", "replace")


def _fill(number: int) -> None:
    """Open a stream that is closed: else the next file or socket would take its number, and what
    is printed would be written into that."""
    try:
        os.fstat(number)
    except OSError:
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _opened(number: int) -> TextIO:
    raw = _Output(number)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding="utf-8",
        errors="replace",
        line_buffering=raw.isatty() or number == 2,
    )


class _Output(io.FileIO):
    """A stream whose reader may leave at any time; a failure is told once, where it can be."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self._tells = number == 1
        self._is_lost = False

    def write(self, data: "ReadableBuffer") -> int:
        """Write, or swallow what nobody can read any more."""
        if not self._is_lost:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._is_lost = True
            except OSError as error:
                self._is_lost = True
                if self._tells:
                    words = f"Standard output cannot be written: {error.strerror}."
                    raise OutputLost(words) from error
        return memoryview(data).nbytes
