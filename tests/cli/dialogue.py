"""The real program with somebody at its terminal, who answers what is asked."""

import asyncio
import fcntl
import os
import pty
import select
import signal
import sys
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.program import ROOT
from tests.waiting import SECONDS


class Hidden(str):
    """Typed where nothing is shown: what comes before the terminal is told so is thrown away."""

    __slots__ = ()


#: What is waited for, and what is typed then; CTRL_C interrupts.
Answers = Sequence[tuple[str, str]]
CTRL_C = "\x03"
CTRL_D = "\x04"
_PATIENCE_SECONDS = 5.0


async def answered(
    *arguments: str, folder: Path, env: Mapping[str, str], answers: Answers
) -> tuple[int, str]:
    """Run `python -m bot …` in a folder; its exit code, and all that stood on the screen."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"], "HOME": "/", "TERM": "dumb", "PYTHONPATH": str(ROOT), **env
        },
        stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )  # fmt: skip
    os.close(theirs)
    try:
        async with asyncio.timeout(SECONDS):
            screen = await asyncio.to_thread(_talk, ours, answers)
            code = await process.wait()
    finally:
        os.close(ours)
    return code, screen


def _take_terminal() -> None:
    """Passwords are asked for on the terminal of the session, whatever standard input is. Who runs
    the tests in the background has interrupts ignored; at a terminal nobody does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _shows(number: int) -> bool:
    return bool(termios.tcgetattr(number)[3] & termios.ECHO)


def _read(number: int, *, is_interrupted: bool) -> bytes:
    """What comes next on the screen. Python may sleep through a Ctrl-C that comes just before it
    waits for a key, so whoever sees nothing happen presses again."""
    while is_interrupted and not select.select([number], [], [], _PATIENCE_SECONDS)[0]:
        os.write(number, CTRL_C.encode())
    return os.read(number, 65_536)


def _talk(number: int, answers: Answers) -> str:
    screen, left = "", list(answers)
    seen = 0
    is_interrupted = False
    with suppress(OSError):  # the other end is gone
        while part := _read(number, is_interrupted=is_interrupted):
            screen += part.decode(errors="replace")
            while left and (at := screen.find(left[0][0], seen)) >= 0:
                words, typed = left.pop(0)
                seen = at + len(words)
                is_interrupted = typed == CTRL_C
                while isinstance(typed, Hidden) and _shows(number):
                    os.sched_yield()
                os.write(number, (typed if typed in (CTRL_C, CTRL_D) else f"{typed}\n").encode())
    return screen
