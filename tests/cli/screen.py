"""The real program on a terminal: what it writes there."""

import asyncio
import os
import pty
import sys
from collections.abc import Mapping
from contextlib import suppress

from tests.program import ROOT
from tests.waiting import SECONDS


async def on_a_screen(*arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Run `python -m bot …` with a terminal as its standard output."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/", "TERM": "xterm", **(env or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=theirs,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    try:
        async with asyncio.timeout(SECONDS):
            written = await asyncio.to_thread(_read_all, ours)
            await process.wait()
    finally:
        os.close(ours)
    return written.decode()


def _read_all(number: int) -> bytes:
    written = b""
    with suppress(OSError):  # the other end is gone
        while part := os.read(number, 65_536):
            written += part
    return written
